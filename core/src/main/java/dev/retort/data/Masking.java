package dev.retort.data;

import com.dynatrace.hash4j.hashing.Hashing;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// Which tokens of a text a masked language model must find, and what it sees in their places
/// (Devlin et al. 2019): of every ten, eight are the mask, one is another token by chance, and one
/// is itself, so that the model must also know what it can see.
///
/// @param share of a text's tokens that are to be found, above 0 and below 1; at least one is
/// @param maskId the token that stands for a hidden one
/// @param vocabularySize tokens by chance are below this
/// @param specialIds tokens that are never hidden and never stand for others
/// @param seed of all chance
public record Masking(
    double share, int maskId, int vocabularySize, Set<Integer> specialIds, long seed) {

  private static final double MASKED = 0.8;
  private static final double BY_CHANCE = 0.1;

  public Masking {
    specialIds = Set.copyOf(specialIds);
    if (!(share > 0 && share < 1)) {
      throw new IllegalArgumentException(
          "share is %s; it must lie between 0 and 1".formatted(share));
    }
    if (vocabularySize <= specialIds.size()) {
      throw new IllegalArgumentException(
          "a vocabulary of %d tokens has none but the %d special ones"
              .formatted(vocabularySize, specialIds.size()));
    }
  }

  /// A text with hidden tokens.
  ///
  /// @param ids what the model sees
  /// @param places which tokens it must find, ascending
  @SuppressWarnings("ArrayRecordComponent") // handed from one method to the next
  record Hidden(int[] ids, int[] places) {}

  /// Hides tokens of `ids`. The same text, `pass` and `row` always give the same.
  ///
  /// @param pass number of the pass over the data
  /// @param row number of the text in them
  Hidden hide(int[] ids, long pass, long row) {
    long key = Hashing.komihash5_0().hashLongLongLongToLong(seed, pass, row);
    Random random = new Random(key); // specified to the bit, as other generators are not
    int[] places = places(ids, random);
    int[] seen = ids.clone();
    for (int place : places) {
      seen[place] = seen(ids[place], random);
    }
    return new Hidden(seen, places);
  }

  private int[] places(int[] ids, Random random) {
    List<Integer> candidates =
        IntStream.range(0, ids.length)
            .filter(place -> !specialIds.contains(ids[place]))
            .boxed()
            .collect(Collectors.toCollection(ArrayList::new));
    Collections.shuffle(candidates, random);
    long wanted = Math.max(1, Math.round(share * candidates.size()));
    int[] places = candidates.stream().limit(wanted).mapToInt(Integer::intValue).toArray();
    Arrays.sort(places);
    return places;
  }

  private int seen(int id, Random random) {
    double draw = random.nextDouble();
    if (draw < MASKED) {
      return maskId;
    }
    return draw < MASKED + BY_CHANCE ? other(random) : id;
  }

  private int other(Random random) {
    int id = random.nextInt(vocabularySize);
    while (specialIds.contains(id)) {
      id = random.nextInt(vocabularySize);
    }
    return id;
  }
}
