package dev.retort.bench;

import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.SequencedSet;
import tools.jackson.databind.json.JsonMapper;

/// Turns published data sets into the files that `recipes/embedder.yaml` reads: `texts.jsonl`, the
/// sentences of several sets without their labels, and `sts-dev.csv` and `sts-test.csv`, the scored
/// pairs of STS-B under a header.
///
/// Usage: `SentenceData FOLDER_OF_SETS FOLDER`, where the first holds `stsb`, `mrpc`, `sst2_glue`
/// and `ag_news` as they are published.
public final class SentenceData {

  /// Phrases shorter than this are parts of other sentences of SST-2.
  private static final int WORDS = 8;

  private SentenceData() {}

  /// Converts the sets.
  public static void main(String[] args) throws IOException {
    if (args.length != 2) {
      throw new IllegalArgumentException("usage: SentenceData FOLDER_OF_SETS FOLDER");
    }
    Path sets = Path.of(args[0]);
    Path folder = Files.createDirectories(Path.of(args[1]));
    SequencedSet<String> texts = new LinkedHashSet<>();
    pairs(sets.resolve("stsb/stsb-en-train.csv")).forEach(pair -> texts.addAll(pair.subList(0, 2)));
    tabbed(sets.resolve("mrpc/msr-para-train.tsv")).forEach(row -> texts.addAll(row.subList(3, 5)));
    tabbed(sets.resolve("sst2_glue/train_full.tsv")).stream()
        .map(row -> row.getFirst().strip())
        .filter(text -> text.split(" ").length >= WORDS)
        .forEach(texts::add);
    pairs(sets.resolve("ag_news/test.csv")).forEach(row -> texts.addAll(row.subList(1, 3)));
    write(folder.resolve("texts.jsonl"), texts);
    for (String split : List.of("dev", "test")) {
      Files.writeString(
          folder.resolve("sts-%s.csv".formatted(split)),
          "text,other,score\n"
              + Files.readString(sets.resolve("stsb/stsb-en-%s.csv".formatted(split))));
    }
    System.out.printf("%d texts%n", texts.size());
  }

  private static void write(Path file, SequencedSet<String> texts) throws IOException {
    try (BufferedWriter out = Files.newBufferedWriter(file)) {
      for (String text : texts) {
        out.write("{\"text\": " + JsonMapper.shared().writeValueAsString(text) + "}\n");
      }
    }
  }

  private static List<List<String>> tabbed(Path file) throws IOException {
    return Files.readAllLines(file).stream()
        .skip(1)
        .map(line -> List.of(line.split("\t")))
        .filter(row -> row.size() > 1)
        .toList();
  }

  /// The records of a CSV file without line breaks inside fields.
  private static List<List<String>> pairs(Path file) throws IOException {
    return Files.readAllLines(file).stream().map(SentenceData::fields).toList();
  }

  private static List<String> fields(String line) {
    List<String> fields = new ArrayList<>();
    StringBuilder field = new StringBuilder();
    boolean quoted = false;
    for (int i = 0; i < line.length(); i++) {
      char c = line.charAt(i);
      if (c == '"' && quoted && i + 1 < line.length() && line.charAt(i + 1) == '"') {
        field.append(line.charAt(++i));
      } else if (c == '"') {
        quoted = !quoted;
      } else if (c == ',' && !quoted) {
        fields.add(field.toString());
        field.setLength(0);
      } else {
        field.append(c);
      }
    }
    fields.add(field.toString());
    return fields;
  }
}
