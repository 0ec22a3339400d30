package dev.retort.data;

import com.dynatrace.hash4j.hashing.Hasher64;
import com.dynatrace.hash4j.hashing.Hashing;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;

/// A dataset in two parts with the same mix of classes.
///
/// Which examples are held out depends on their texts and the seed, not on the order of the rows,
/// and little on what else is in the data. Examples with the same text (see [Example#folded]) and
/// class stay together. A class keeps at least one example in the rest; unlabelled examples all
/// stay there, unless nothing is labelled.
///
/// @param rest what remains, in its old order
/// @param heldOut what was taken out, in its old order
record Stratified(Dataset rest, Dataset heldOut) {

  /// Examples that must not be parted.
  private record Group(long hash, String text, List<Integer> rows) {}

  /// @param fraction the share of the labelled examples that is held out, below 1
  /// @param name the name of the part that is held out
  static Stratified split(Dataset data, double fraction, long seed, String name) {
    List<List<Group>> classes = classes(data, seed ^ name.hashCode());
    int[] quotas = quotas(classes.stream().mapToInt(Stratified::size).toArray(), fraction);
    Set<Integer> taken = new HashSet<>();
    for (int index = 0; index < quotas.length; index++) {
      take(classes.get(index), quotas[index], taken);
    }
    return new Stratified(part(data, data.name(), taken, false), part(data, name, taken, true));
  }

  private static Dataset part(Dataset data, String name, Set<Integer> taken, boolean held) {
    List<Example> examples =
        IntStream.range(0, data.size())
            .filter(row -> taken.contains(row) == held)
            .mapToObj(data.examples()::get)
            .toList();
    return new Dataset(name, examples, data.labels());
  }

  /// The groups of each class, in an order that only texts and seed decide.
  private static List<List<Group>> classes(Dataset data, long seed) {
    boolean labelled = data.examples().stream().anyMatch(Example::isLabelled);
    Map<Integer, Map<String, List<Integer>>> rows = new TreeMap<>();
    for (int row = 0; row < data.size(); row++) {
      Example example = data.examples().get(row);
      if (example.isLabelled() || !labelled) {
        rows.computeIfAbsent(example.label(), _ -> new HashMap<>())
            .computeIfAbsent(example.folded(), _ -> new ArrayList<>())
            .add(row);
      }
    }
    return rows.values().stream().map(texts -> groups(texts, Hashing.xxh3_64(seed))).toList();
  }

  private static List<Group> groups(Map<String, List<Integer>> rowsByText, Hasher64 hasher) {
    return rowsByText.entrySet().stream()
        .map(e -> new Group(hasher.hashCharsToLong(e.getKey()), e.getKey(), e.getValue()))
        .sorted(Comparator.comparingLong(Group::hash).thenComparing(Group::text))
        .toList();
  }

  /// How many examples each class gives: its share rounded so that the total is right (largest
  /// remainders first), and never all of them.
  private static int[] quotas(int[] sizes, double fraction) {
    int[] quotas = IntStream.of(sizes).map(size -> (int) (size * fraction)).toArray();
    long wanted = Math.round(IntStream.of(sizes).sum() * fraction);
    IntStream.range(0, sizes.length)
        .filter(index -> quotas[index] < sizes[index] - 1)
        .boxed()
        .sorted(Comparator.comparingDouble(index -> quotas[index] - sizes[index] * fraction))
        .limit(wanted - IntStream.of(quotas).sum())
        .forEach(index -> quotas[index]++);
    return quotas;
  }

  private static void take(List<Group> groups, int quota, Set<Integer> taken) {
    int left = quota;
    for (Group group : groups) {
      if (group.rows.size() <= left) {
        taken.addAll(group.rows);
        left -= group.rows.size();
      }
    }
  }

  private static int size(List<Group> groups) {
    return groups.stream().mapToInt(group -> group.rows.size()).sum();
  }
}
