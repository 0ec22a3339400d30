package dev.retort.data;

import com.dynatrace.hash4j.hashing.Hasher64;
import com.dynatrace.hash4j.hashing.Hashing;
import com.dynatrace.hash4j.similarity.ElementHashProvider;
import com.dynatrace.hash4j.similarity.SimilarityHashPolicy;
import com.dynatrace.hash4j.similarity.SimilarityHashing;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// Finds examples that are almost the same as one of a reference set: their sets of character
/// 5-grams, without regard to case and white space, have a Jaccard similarity of at least 0.9.
///
/// Candidates come from MinHash signatures in bands (Leskovec, Rajaraman, Ullman, Mining of Massive
/// Datasets, §3.4): with 12 bands of 6 components a pair at 0.9 is missed once in 9,000 times. Each
/// candidate is then compared exactly. At most 100 candidates are compared for each example.
final class NearDuplicates {

  /// Two similar examples.
  ///
  /// @param similarity Jaccard similarity of the 5-grams, from 0.9 to 1
  record Match(Example example, Example reference, double similarity) {}

  private static final double THRESHOLD = 0.9;
  private static final int GRAM = 5;
  private static final int BANDS = 12;
  private static final int BAND_COMPONENTS = 6;
  private static final int COMPONENT_BITS = 16;
  private static final int MOST_CANDIDATES = 100;
  private static final Hasher64 HASHER = Hashing.komihash5_0();
  private static final SimilarityHashPolicy POLICY =
      SimilarityHashing.superMinHash(BANDS * BAND_COMPONENTS, COMPONENT_BITS);

  private final List<Example> references = new ArrayList<>();
  private final List<long[]> referenceGrams = new ArrayList<>();
  private final List<Map<Long, List<Integer>>> buckets = new ArrayList<>();

  /// @param references the examples to compare with
  NearDuplicates(List<Example> references) {
    for (int band = 0; band < BANDS; band++) {
      buckets.add(new HashMap<>());
    }
    Set<String> seen = new HashSet<>();
    references.stream().filter(reference -> seen.add(reference.folded())).forEach(this::add);
  }

  private void add(Example reference) {
    int index = references.size();
    long[] grams = grams(reference.folded());
    long[] bands = bands(grams);
    references.add(reference);
    referenceGrams.add(grams);
    for (int band = 0; band < BANDS; band++) {
      buckets.get(band).computeIfAbsent(bands[band], _ -> new ArrayList<>()).add(index);
    }
  }

  /// For each of the examples that has one, the first reference that is similar but not the same.
  List<Match> matches(List<Example> examples) {
    return examples.parallelStream().map(this::match).flatMap(Optional::stream).toList();
  }

  private Optional<Match> match(Example example) {
    String text = example.folded();
    long[] grams = grams(text);
    for (int candidate : candidates(bands(grams))) {
      double similarity = jaccard(grams, referenceGrams.get(candidate));
      Example reference = references.get(candidate);
      if (similarity >= THRESHOLD && !reference.folded().equals(text)) {
        return Optional.of(new Match(example, reference, similarity));
      }
    }
    return Optional.empty();
  }

  private Set<Integer> candidates(long[] bands) {
    return IntStream.range(0, BANDS)
        .mapToObj(band -> buckets.get(band).getOrDefault(bands[band], List.of()))
        .flatMap(List::stream)
        .distinct()
        .limit(MOST_CANDIDATES)
        .collect(Collectors.toCollection(LinkedHashSet::new));
  }

  /// The distinct 5-grams of a text as sorted hashes; a shorter text is one gram.
  private static long[] grams(String text) {
    int count = Math.max(1, text.length() - GRAM + 1);
    long[] hashes = new long[count];
    for (int start = 0; start < count; start++) {
      int end = Math.min(text.length(), start + GRAM);
      hashes[start] = HASHER.hashCharsToLong(text.substring(start, end));
    }
    return Arrays.stream(hashes).sorted().distinct().toArray();
  }

  /// For each band one hash of its part of the signature.
  private static long[] bands(long[] grams) {
    byte[] signature = POLICY.createHasher().compute(ElementHashProvider.ofValues(grams));
    long[] bands = new long[BANDS];
    for (int component = 0; component < BANDS * BAND_COMPONENTS; component++) {
      int band = component / BAND_COMPONENTS;
      bands[band] =
          HASHER.hashLongLongToLong(bands[band], POLICY.getComponent(signature, component));
    }
    return bands;
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
