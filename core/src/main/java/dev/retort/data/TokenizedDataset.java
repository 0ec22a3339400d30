package dev.retort.data;

import dev.retort.runtime.Encoding;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/// A dataset whose texts have become tokens, once, before training begins.
public final class TokenizedDataset implements BatchSource<TextBatch> {

  private final Dataset dataset;
  private final List<Encoding> encodings;
  private final int padId;

  private TokenizedDataset(Dataset dataset, List<Encoding> encodings, int padId) {
    this.dataset = dataset;
    this.encodings = encodings;
    this.padId = padId;
  }

  /// Tokenizes all examples, on as many threads as there are processors.
  ///
  /// @param padId the token that fills shorter rows of a batch
  /// @throws IllegalArgumentException if a text yields no token at all
  public static TokenizedDataset of(Dataset dataset, TextEncoder encoder, int padId) {
    List<Encoding> encodings =
        dataset.examples().parallelStream().map(example -> encode(encoder, example)).toList();
    return new TokenizedDataset(dataset, encodings, padId);
  }

  private static Encoding encode(TextEncoder encoder, Example example) {
    Encoding encoding = encoder.encode(example);
    if (encoding.ids().length == 0) {
      throw new IllegalArgumentException(
          example.place() + ": the text has no tokens; remove the row or use another tokenizer");
    }
    return encoding;
  }

  /// The texts.
  public Dataset dataset() {
    return dataset;
  }

  /// The examples with these indices, in this order, as a dataset of their own.
  public TokenizedDataset subset(int... rows) {
    return new TokenizedDataset(
        dataset.subset(rows), Arrays.stream(rows).mapToObj(encodings::get).toList(), padId);
  }

  /// The same texts without their labels, so that nobody can look at them.
  public TokenizedDataset unlabelled() {
    return new TokenizedDataset(dataset.unlabelled(), encodings, padId);
  }

  @Override
  public int size() {
    return encodings.size();
  }

  /// The number of tokens of an example, special tokens included.
  @Override
  public int length(int row) {
    return encodings.get(row).ids().length;
  }

  /// The tokens of an example.
  Encoding encoding(int row) {
    return encodings.get(row);
  }

  /// The tokens of all examples together.
  public long tokens() {
    return encodings.stream().mapToLong(encoding -> encoding.ids().length).sum();
  }

  /// The examples that lost tokens to the length limit.
  public IntStream truncatedRows() {
    return IntStream.range(0, size()).filter(row -> encodings.get(row).truncated());
  }

  /// The examples with these indices as a batch, padded on the right to the longest of them.
  ///
  /// @param rows indices of examples, at least one
  @Override
  public TextBatch batch(int... rows) {
    int length = Arrays.stream(rows).map(this::length).max().orElseThrow();
    long[] ids = new long[Math.multiplyExact(rows.length, length)];
    long[] typeIds = new long[ids.length];
    long[] mask = new long[ids.length];
    int[] labels = new int[rows.length];
    Arrays.fill(ids, padId);
    for (int row = 0; row < rows.length; row++) {
      Encoding encoding = encodings.get(rows[row]);
      int start = row * length;
      for (int token = 0; token < encoding.ids().length; token++) {
        ids[start + token] = encoding.ids()[token];
        typeIds[start + token] = encoding.typeIds()[token];
      }
      Arrays.fill(mask, start, start + encoding.ids().length, 1);
      labels[row] = dataset.examples().get(rows[row]).label();
    }
    return new TextBatch(rows.clone(), length, ids, typeIds, mask, labels);
  }

  @Override
  public Optional<String> route(int row) {
    return dataset.examples().get(row).route();
  }

  @Override
  public List<String> contentKeys(int... rows) {
    return Arrays.stream(rows).mapToObj(row -> dataset.examples().get(row).contentKey()).toList();
  }
}
