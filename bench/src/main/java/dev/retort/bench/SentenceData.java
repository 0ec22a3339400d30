package dev.retort.bench;

import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
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
  public static void main(String[] args) throws IOException, SQLException {
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
              + Files.readString(sets.resolve("stsb/stsb-en-%s.csv".formatted(split)))
                  .replace("\r\n", "\n"));
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
