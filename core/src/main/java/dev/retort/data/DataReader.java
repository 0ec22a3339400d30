package dev.retort.data;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// Reads the rows of CSV, TSV, JSONL, Parquet and plain text files, in the order of the files and
/// of their rows.
final class DataReader implements AutoCloseable {
  private static final String GLOB_CHARACTERS = "*?[";

  /// Endings of files whose rows may be lists and objects.
  private static final List<String> WHOLE = List.of(".jsonl", ".ndjson", ".parquet");

  private final DuckDb db;
  private final Path folder;
  private final Columns columns;
  private final Optional<Quotes> quotes;
  private final boolean tables;

  private DataReader(
      DuckDb db, Path folder, Columns columns, Optional<Quotes> quotes, boolean tables) {
    this.db = db;
    this.folder = folder;
    this.columns = columns;
    this.quotes = quotes;
    this.tables = tables;
  }

  /// A reader that takes all rows whole, those of tables too, as JSON objects.
  ///
  /// @param folder what relative paths start from
  static DataReader ofTables(Path folder) throws IOException {
    return new DataReader(DuckDb.open(), folder, Columns.all(), Optional.empty(), true);
  }

  /// @param folder what relative paths start from
  static DataReader open(Path folder, DataSettings settings) throws IOException {
    return open(folder, settings, Optional.empty());
  }

  /// @param folder what relative paths start from
  /// @param route the column that decides which teacher answers, if one does
  static DataReader open(Path folder, DataSettings settings, Optional<String> route)
      throws IOException {
    return new DataReader(
        DuckDb.open(), folder, Columns.of(settings, route), settings.quotes(), false);
  }

  /// Reads files of corrections.
  static DataReader ofCorrections(Path folder, DataSettings settings) throws IOException {
    return new DataReader(
        DuckDb.open(), folder, Columns.ofCorrections(settings), settings.quotes(), false);
  }

  /// The rows of all files that a path or glob stands for. What is wrong with any of them goes into
  /// `problems`; the rows are then those of the files that could be read.
  ///
  /// @param setting the recipe's name for the pattern, such as `data.train`
  List<Row> read(String setting, String pattern, List<Finding> problems) throws IOException {
    return read(setting, pattern, columns, problems);
  }

  /// The same for files that need have only the column with the text; what else the recipe names is
  /// read where it is there.
  List<Row> readTexts(String setting, String pattern, List<Finding> problems) throws IOException {
    return read(setting, pattern, columns.textsOnly(), problems);
  }

  private List<Row> read(String setting, String pattern, Columns wanted, List<Finding> problems)
      throws IOException {
    List<Row> rows = new ArrayList<>();
    for (Path file : files(setting, pattern, problems)) {
      try {
        List<Row> found = read(file, wanted);
        if (found.isEmpty()) {
          problems.add(Finding.error(Place.of(file), "holds no examples"));
        }
        rows.addAll(found);
      } catch (DataException e) {
        problems.addAll(e.problems());
      }
    }
    return rows;
  }

  private List<Row> read(Path file, Columns wanted) throws IOException {
    String name = String.valueOf(file.getFileName()).toLowerCase(Locale.ROOT);
    if (wanted.whole() && !tables && WHOLE.stream().noneMatch(name::endsWith)) {
      throw new DataException(
          List.of(
              Finding.error(
                  Place.of(file),
                  "holds no rows that Retort reads; with `data.rows: conversations` or `preferences`"
                      + " files end in .jsonl or .ndjson, an object a line, or in .parquet")));
    }
    return switch (name.substring(name.lastIndexOf('.') + 1)) {
      case "csv" -> delimited(file, ',', Quotes.DOUBLE).read(wanted);
      case "tsv", "tab" -> delimited(file, '\t', Quotes.NONE).read(wanted);
      case "jsonl", "ndjson" -> JsonlFile.read(file, wanted);
      case "txt" -> TextFile.read(file, wanted);
      case "parquet" -> new ParquetFile(db, file).read(wanted);
      default ->
          throw new DataException(
              List.of(
                  Finding.error(
                      Place.of(file),
                      "is of no kind Retort reads; allowed endings are .csv, .tsv, .tab, .jsonl,"
                          + " .ndjson (an object a line), .parquet and .txt (a text a line)")));
    };
  }

  private DelimitedFile delimited(Path file, char separator, Quotes usual) {
    return new DelimitedFile(db, file, separator, quotes.orElse(usual));
  }

  /// A path that exists stands for itself, even if it has the characters of a glob.
  private List<Path> files(String setting, String pattern, List<Finding> problems)
      throws IOException {
    File plain = new File(pattern);
    File file = plain.isAbsolute() ? plain : new File(folder.toFile(), pattern);
    if (file.isFile()) {
      return List.of(file.toPath());
    }
    boolean glob = pattern.chars().anyMatch(c -> GLOB_CHARACTERS.indexOf(c) >= 0);
    List<Path> files = glob ? matching(plain, pattern) : List.of();
    if (files.isEmpty()) {
      String kind =
          file.isDirectory()
              ? "is a folder; name a file or a glob such as " + pattern + "/*.csv"
              : glob ? "matches no file" : "does not exist; put it there or name another file";
      problems.add(
          Finding.of(
              Finding.Severity.ERROR,
              "%s: %s %s (relative paths start from %s)"
                  .formatted(setting, pattern, kind, folder.toAbsolutePath().normalize())));
    }
    return files;
  }

  private List<Path> matching(File plain, String pattern) throws IOException {
    String glob =
        plain.isAbsolute() ? pattern : DuckDb.globEscaped(folder.toString()) + "/" + pattern;
    return db.files(glob).stream().filter(Files::isRegularFile).toList();
  }

  @Override
  public void close() throws IOException {
    db.close();
  }
}
