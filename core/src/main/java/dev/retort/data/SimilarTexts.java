package dev.retort.data;

import com.dynatrace.hash4j.hashing.Hasher64;
import com.dynatrace.hash4j.hashing.Hashing;
import com.dynatrace.hash4j.similarity.ElementHashProvider;
import com.dynatrace.hash4j.similarity.SimilarityHashPolicy;
import com.dynatrace.hash4j.similarity.SimilarityHashing;
import dev.retort.catalog.Check;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// An index of texts that finds those which are almost the same as another: their sets of character
/// 5-grams have a Jaccard similarity of at least a threshold.
///
/// Candidates come from MinHash signatures in bands (Leskovec, Rajaraman, Ullman, Mining of Massive
/// Datasets, §3.4). A pair of similarity s shares none of b bands of r components with probability
/// `(1 − sʳ)ᵇ`, which is at most 1 in 100 at every threshold, and 1 in 9,000 at 0.9. Each candidate
/// is then compared exactly; at most 100 candidates are.
///
/// Adding is for one thread, and before it searching is for any number.
public final class SimilarTexts {

  /// A text of the index.
  ///
  /// @param index of the text, in the order they were added, from 0
  /// @param similarity Jaccard similarity of the 5-grams, from the threshold to 1
  public record Match(int index, double similarity) {}

  /// How many bands of how many components find pairs of at least this similarity.
  private record Bands(double from, int count, int components) {}

  private static final int GRAM = 5;
  private static final int COMPONENT_BITS = 16;
  private static final int MOST_CANDIDATES = 100;
  private static final Hasher64 HASHER = Hashing.komihash5_0();
  private static final List<Bands> ALL_BANDS =
      List.of(new Bands(0.85, 12, 6), new Bands(0.7, 24, 4), new Bands(0.5, 36, 3));

  /// The lowest threshold that can be searched for.
  public static final double LOWEST = ALL_BANDS.getLast().from();

  private final double threshold;
  private final Bands bands;
  private final SimilarityHashPolicy policy;
  private final List<long[]> grams = new ArrayList<>();
  private final List<Map<Long, List<Integer>>> buckets;

  /// An empty index.
  ///
  /// @param threshold from [#LOWEST] to 1
  public SimilarTexts(double threshold) {
    Check.within("threshold", threshold, LOWEST, 1);
    this.threshold = threshold;
    this.bands =
        ALL_BANDS.stream().filter(some -> threshold >= some.from()).findFirst().orElseThrow();
    this.policy =
        SimilarityHashing.superMinHash(bands.count() * bands.components(), COMPONENT_BITS);
    this.buckets =
        Stream.<Map<Long, List<Integer>>>generate(HashMap::new).limit(bands.count()).toList();
  }

  /// Adds a text; case and white space matter, so they should be folded first.
  public void add(String text) {
    int index = grams.size();
    long[] found = gramsOf(text);
    grams.add(found);
    long[] keys = keys(found);
    for (int band = 0; band < keys.length; band++) {
      buckets.get(band).computeIfAbsent(keys[band], _ -> new ArrayList<>()).add(index);
    }
  }

  /// The texts of the index that are similar to `text`, itself among them if it was added.
  public Stream<Match> like(String text) {
    long[] found = gramsOf(text);
    long[] keys = keys(found);
    return IntStream.range(0, keys.length)
        .mapToObj(band -> buckets.get(band).getOrDefault(keys[band], List.of()))
        .flatMap(List::stream)
        .distinct()
        .limit(MOST_CANDIDATES)
        .map(index -> new Match(index, jaccard(found, grams.get(index))))
        .filter(match -> match.similarity() >= threshold);
  }

  /// The distinct 5-grams of a text as sorted hashes; a shorter text is one gram.
  private static long[] gramsOf(String text) {
    int count = Math.max(1, text.length() - GRAM + 1);
    long[] hashes = new long[count];
    for (int start = 0; start < count; start++) {
      int end = Math.min(text.length(), start + GRAM);
      hashes[start] = HASHER.hashCharsToLong(text.substring(start, end));
    }
    return Arrays.stream(hashes).sorted().distinct().toArray();
  }

  /// For each band one hash of its part of the signature.
  private long[] keys(long[] found) {
    byte[] signature = policy.createHasher().compute(ElementHashProvider.ofValues(found));
    long[] keys = new long[bands.count()];
    for (int component = 0; component < bands.count() * bands.components(); component++) {
      int band = component / bands.components();
      keys[band] = HASHER.hashLongLongToLong(keys[band], policy.getComponent(signature, component));
    }
    return keys;
  }

  /// |A ∩ B| / |A ∪ B| of two sorted sets.
  static double jaccard(long[] a, long[] b) {
    int shared = 0;
    for (int i = 0, j = 0; i < a.length && j < b.length; ) {
      int order = Long.compare(a[i], b[j]);
      shared += order == 0 ? 1 : 0;
      i += order <= 0 ? 1 : 0;
      j += order >= 0 ? 1 : 0;
    }
    return (double) shared / (a.length + b.length - shared);
  }
}
