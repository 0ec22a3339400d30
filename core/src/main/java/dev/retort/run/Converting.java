package dev.retort.run;

import dev.retort.catalog.Suggestion;
import dev.retort.data.DataException;
import dev.retort.data.Finding;
import dev.retort.data.Finding.Severity;
import dev.retort.data.Place;
import dev.retort.exchange.ExchangeFormat;
import dev.retort.exchange.ExchangeRecord;
import dev.retort.exchange.Exporter;
import dev.retort.exchange.Imported;
import dev.retort.exchange.Importer;
import dev.retort.exchange.LedgerExchange;
import dev.retort.exchange.Rejected;
import dev.retort.io.Aside;
import dev.retort.ledger.Ledger;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Turns conversations of other systems, and the answers of the ledger, into training data, and
/// answers of other systems into answers of the ledger.
///
/// What cannot be taken is written into a file of its own, each row with its place and the reason.
/// No file that exists is touched, and where nothing can be taken none is written.
///
/// @param workspace whose ledger is meant
public record Converting(Workspace workspace) {

  private static final int SHOWN = 3;

  /// Where conversations are.
  public sealed interface Source {}

  /// Files of other systems.
  ///
  /// @param files what is read, one after the other; not empty
  /// @param format how all of them are written; told by their fields if left out
  /// @param batchInput what was asked, if the files are what a batch of OpenAI's API answered
  public record InFiles(
      List<Path> files, Optional<ExchangeFormat> format, Optional<Path> batchInput)
      implements Source {

    public InFiles {
      files = List.copyOf(files);
      if (files.isEmpty()) {
        throw new IllegalArgumentException("files must not be empty");
      }
    }
  }

  /// The ledger.
  ///
  /// @param run the name that answers are noted under; all answers if left out
  public record InLedger(Optional<String> run) implements Source {}

  /// What came of a conversion.
  ///
  /// @param taken conversations that were written, or answers that are new in the ledger
  /// @param known answers that the ledger had already
  /// @param rejected what could not be taken
  /// @param apart the file where that lies, if there is any
  public record Outcome(int taken, int known, List<Rejected> rejected, Path apart) {

    public Outcome {
      rejected = List.copyOf(rejected);
    }

    /// The first few of what could not be taken.
    public List<Rejected> shown() {
      return rejected.subList(0, Math.min(SHOWN, rejected.size()));
    }
  }

  /// What a source holds.
  private record Found(List<ExchangeRecord> records, List<Rejected> rejected) {

    List<Rejected> rejectedAnd(List<Rejected> more) {
      return Stream.concat(rejected.stream(), more.stream()).toList();
    }
  }

  /// Writes `file`. What is rejected lies beside it.
  ///
  /// @throws IllegalArgumentException if `format` cannot be written, or not under such a name
  /// @throws DataException if nothing can be taken
  /// @throws FileAlreadyExistsException if a file is there already
  public Outcome toFile(Source source, Path file, ExchangeFormat format) throws IOException {
    Exporter.check(file, format);
    Path apart = SequenceLabelling.beside(file, "rejected");
    requireNew(file, apart);
    Found found = found(source);
    Exporter.Exported exported = Exporter.write(file, format, found.records());
    return kept(new Outcome(exported.written(), 0, found.rejectedAnd(exported.rejected()), apart));
  }

  /// Puts answers into the ledger. What is rejected lies beside the first of the files.
  ///
  /// @param asked as what the answers count
  /// @throws DataException if nothing can be taken, or if several models answered and none is
  ///   chosen
  /// @throws FileAlreadyExistsException if the file for what is rejected is there already
  public Outcome toLedger(InFiles source, LedgerExchange.Asked asked) throws IOException {
    Path apart = SequenceLabelling.beside(source.files().getFirst(), "rejected");
    requireNew(apart);
    Found found = read(source);
    try (Ledger ledger = workspace.openLedger()) {
      LedgerExchange.Noted noted =
          LedgerExchange.importAnswers(ledger, found.records(), asked, Instant.now());
      return kept(
          new Outcome(noted.added(), noted.known(), found.rejectedAnd(noted.rejected()), apart));
    }
  }

  private static void requireNew(Path... files) throws IOException {
    for (Path file : files) {
      if (Files.exists(file)) {
        throw new FileAlreadyExistsException(file.toString());
      }
    }
  }

  private Found found(Source source) throws IOException {
    return switch (source) {
      case InFiles files -> read(files);
      case InLedger(Optional<String> run) -> new Found(answers(run), List.of());
    };
  }

  private static Found read(InFiles source) throws IOException {
    for (Path file : source.files()) {
      if (Files.isDirectory(file)) {
        throw new FileSystemException(file.toString(), null, "is a folder; name the files in it");
      }
    }
    if (source.batchInput().isPresent()) {
      Imported batch = Importer.readBatch(source.batchInput().get(), source.files());
      return new Found(batch.records(), batch.rejected());
    }
    Found all = new Found(new ArrayList<>(), new ArrayList<>());
    for (Path file : source.files()) {
      Imported imported =
          source.format().isPresent()
              ? Importer.read(file, source.format().get())
              : Importer.read(file);
      all.records().addAll(imported.records());
      all.rejected().addAll(imported.rejected());
    }
    return all;
  }

  private List<ExchangeRecord> answers(Optional<String> run) throws IOException {
    if (!Files.exists(workspace.ledger())) { // opening it would begin one
      throw new NoSuchFileException(workspace.ledger().toString());
    }
    try (Ledger ledger = workspace.openLedger()) {
      List<ExchangeRecord> all = LedgerExchange.records(ledger);
      if (run.isEmpty()) {
        return all;
      }
      List<ExchangeRecord> named =
          all.stream().filter(record -> run(record).equals(run.get())).toList();
      if (named.isEmpty()) {
        List<String> runs = all.stream().map(Converting::run).distinct().sorted().toList();
        String message =
            "has no answers under the name '%s'; the names are %s%s"
                .formatted(run.get(), runs, Suggestion.suffix(run.get(), runs));
        throw new DataException(List.of(error(Optional.of(Place.of(ledger.path())), message)));
      }
      return named;
    }
  }

  private static String run(ExchangeRecord record) {
    return record.metadata().getOrDefault(LedgerExchange.RUN, "");
  }

  private static Outcome kept(Outcome outcome) throws IOException {
    if (outcome.taken() + outcome.known() == 0) {
      throw nothingTaken(outcome);
    }
    List<String> lines = outcome.rejected().stream().map(Converting::line).toList();
    if (!lines.isEmpty()) {
      Aside.file(outcome.apart(), aside -> Files.write(aside, lines));
    }
    return outcome;
  }

  private static String line(Rejected rejected) {
    ObjectNode line = JsonMapper.shared().createObjectNode();
    line.put("reason", rejected.reason()).put("origin", rejected.place().toString());
    return line.toString();
  }

  private static DataException nothingTaken(Outcome outcome) {
    List<Finding> problems = new ArrayList<>();
    for (Rejected rejected : outcome.shown()) {
      problems.add(error(Optional.of(rejected.place()), rejected.reason()));
    }
    String all =
        String.format(Locale.ROOT, "none of %,d rows can be taken", outcome.rejected().size());
    problems.add(error(Optional.empty(), problems.isEmpty() ? "there are no rows" : all));
    return new DataException(problems);
  }

  private static Finding error(Optional<Place> place, String message) {
    return new Finding(Severity.ERROR, place, message);
  }
}
