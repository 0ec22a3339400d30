package dev.retort.data;

import com.dynatrace.hash4j.hashing.Hashing;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.Gatherers;
import java.util.stream.IntStream;

/// The batches of one pass over a dataset. Every example is in exactly one of them.
///
/// A batch computes at most `batchTokens` tokens, padding included: longest row × rows. An example
/// that alone is longer gets a batch of its own. Only the indices are planned ahead; a batch is
/// filled when it is asked for, so a resumed run goes straight to the batch it stopped at.
public final class Batches<B extends Batch> implements Iterable<B> {
  private static final int WINDOW_BATCHES = 100;

  private final BatchSource<B> data;
  private final List<int[]> groups;

  private Batches(BatchSource<B> data, List<int[]> groups) {
    this.data = data;
    this.groups = groups;
  }

  /// The batches of a training epoch: rows are shuffled, sorted by length within windows of about
  /// 100 batches, cut into batches, and the batches shuffled. The same data, seed and epoch give
  /// the same batches on every machine. Epochs may differ in the number of batches.
  ///
  /// @param epoch from 0
  public static <B extends Batch> Batches<B> shuffled(
      BatchSource<B> data, int batchTokens, long seed, int epoch) {
    requirePositive(batchTokens);
    // Random and Collections.shuffle are specified to the bit, other generators are not.
    Random random = new Random(Hashing.komihash5_0().hashLongLongToLong(seed, epoch));
    List<Integer> rows = indices(data);
    Collections.shuffle(rows, random);
    List<int[]> groups = new ArrayList<>();
    int window = windowRows(data, batchTokens);
    for (int start = 0; start < rows.size(); start += window) {
      List<Integer> some = rows.subList(start, Math.min(rows.size(), start + window));
      groups.addAll(cut(data, some, batchTokens));
    }
    Collections.shuffle(groups, random);
    return new Batches<>(data.epoch(epoch), groups);
  }

  /// The batches of an evaluation: all rows sorted by length, longest first. [Batch#rows] says
  /// where each result belongs.
  public static <B extends Batch> Batches<B> inOrder(BatchSource<B> data, int batchTokens) {
    requirePositive(batchTokens);
    return new Batches<>(data, cut(data, indices(data), batchTokens));
  }

  /// The examples as they are in this pass.
  public BatchSource<B> data() {
    return data;
  }

  /// The rows of all batches, one batch after the other.
  public int[] rows() {
    return groups.stream().flatMapToInt(Arrays::stream).toArray();
  }

  /// The number of batches.
  public int size() {
    return groups.size();
  }

  /// A batch, filled now.
  ///
  /// @param index from 0
  public B get(int index) {
    return data.batch(groups.get(index));
  }

  /// The batches, `count` at a time, for work that is done on several threads.
  public Iterable<List<B>> windows(int count) {
    return () ->
        groups.stream()
            .gather(Gatherers.windowFixed(count))
            .map(window -> window.stream().map(data::batch).toList())
            .iterator();
  }

  @Override
  public Iterator<B> iterator() {
    return groups.stream().map(data::batch).iterator();
  }

  /// The tokens that a model computes in this pass, padding included.
  public long paddedTokens() {
    return groups.stream().mapToLong(rows -> (long) rows.length * longest(rows)).sum();
  }

  /// The share of computed tokens that is padding, from 0 to 1.
  public double paddingFraction() {
    return groups.isEmpty() ? 0 : 1 - tokens(data) / (double) paddedTokens();
  }

  private int longest(int[] rows) {
    return IntStream.of(rows).map(data::length).max().orElse(0);
  }

  private static List<Integer> indices(BatchSource<?> data) {
    return IntStream.range(0, data.size()).boxed().collect(Collectors.toCollection(ArrayList::new));
  }

  private static int windowRows(BatchSource<?> data, int batchTokens) {
    long tokens = Math.max(1, tokens(data));
    double rowsPerBatch = Math.max(1, batchTokens * (double) data.size() / tokens);
    return (int) Math.clamp(Math.ceil(WINDOW_BATCHES * rowsPerBatch), 1, Math.max(1, data.size()));
  }

  /// Sorts rows by length, longest first, and cuts them where a batch is full.
  private static List<int[]> cut(BatchSource<?> data, List<Integer> rows, int batchTokens) {
    List<Integer> sorted =
        rows.stream().sorted(Comparator.comparingInt(row -> -data.length(row))).toList();
    List<int[]> groups = new ArrayList<>();
    for (int start = 0; start < sorted.size(); ) {
      int count = Math.max(1, batchTokens / data.length(sorted.get(start)));
      int end = (int) Math.min(sorted.size(), (long) start + count);
      groups.add(sorted.subList(start, end).stream().mapToInt(Integer::intValue).toArray());
      start = end;
    }
    return groups;
  }

  private static long tokens(BatchSource<?> data) {
    return IntStream.range(0, data.size()).mapToLong(data::length).sum();
  }

  private static void requirePositive(int batchTokens) {
    if (batchTokens < 1) {
      throw new IllegalArgumentException(
          "batchTokens is " + batchTokens + "; allowed are 1 and more, such as 4096");
    }
  }
}
