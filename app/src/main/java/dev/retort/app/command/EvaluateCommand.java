package dev.retort.app.command;

import dev.retort.app.exit.ExitCode;
import dev.retort.app.exit.UsageException;
import dev.retort.app.run.Session;
import dev.retort.data.DataSettings;
import dev.retort.data.Leakage;
import dev.retort.data.RowShape;
import dev.retort.eval.Evaluation;
import dev.retort.hub.Address;
import dev.retort.report.Results;
import dev.retort.report.TerminalTable;
import dev.retort.run.Evaluating;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `retort evaluate`: how good and how fast a model is.
@Command(
    name = "evaluate",
    description = "Measure a model on data of yours: quality, latency, size.",
    footerHeading = "%n",
    footer = {
      "A classifier is judged by labels, an embedder by scored pairs of texts, and",
      "a masked language model by texts alone, in which some tokens are hidden. A",
      "language model is judged by the tokens it expects and by what it writes.",
      "",
      "  retort evaluate runs/my-task-20260101-120000 --data test.csv",
      "  retort evaluate runs/my-embedder-20260101-120000 --data sts.csv \\",
      "      --pair other --label score",
      "  retort evaluate runs/chat-20260101-120000 --data chats.jsonl \\",
      "      --rows conversations --teacher hf:owner/name"
    })
public final class EvaluateCommand implements Subcommand {

  @Parameters(
      paramLabel = "MODEL",
      description =
          "The folder of a run, of an export or of a Hugging Face model, or an address"
              + " such as hf:owner/name.")
  private String model = "";

  @Option(
      names = "--data",
      required = true,
      paramLabel = "FILE",
      description = "CSV, TSV, JSONL or Parquet with texts and what is known of them.")
  private String data = "";

  @Option(
      names = "--text",
      paramLabel = "COLUMN",
      description = "Column with the text (default: ${DEFAULT-VALUE}).")
  private String text = "text";

  @Option(
      names = "--label",
      paramLabel = "COLUMN",
      description = "Column with the class, or a pair's score (default: ${DEFAULT-VALUE}).")
  private String label = "label";

  @Option(
      names = "--pair",
      paramLabel = "COLUMN",
      description = "Column with the second text, for tasks on pairs and for embedders.")
  private Optional<String> pair = Optional.empty();

  @Option(
      names = "--rows",
      paramLabel = "SHAPE",
      description = "columns, or for language models conversations (default: columns).")
  private String rows = "columns";

  @Option(
      names = "--teacher",
      paramLabel = "MODEL",
      description =
          "For language models: one with the same tokenizer, to tell how far MODEL is from it.")
  private Optional<String> teacher = Optional.empty();

  @Override
  public ExitCode run(Session session) throws IOException {
    Evaluating evaluating = new Evaluating(settings(), Path.of("").toAbsolutePath());
    session.console().note("measuring " + model);
    Path folder = folder(session, "MODEL", model);
    Optional<Path> compared =
        teacher.isPresent()
            ? Optional.of(folder(session, "--teacher", teacher.get()))
            : Optional.empty();
    List<Evaluation> evaluations = evaluating.evaluate(folder, compared);
    Results results = new Results(evaluations, List.of(), List.of());
    session
        .console()
        .print(TerminalTable.models(results, session.console().columns()).stripTrailing());
    return ExitCode.OK;
  }

  private static Path folder(Session session, String option, String address) throws IOException {
    try {
      return Address.parse(address) instanceof Address.Folder(Path path)
          ? path
          : session.models().folder(address, session.downloadDisplay());
    } catch (IllegalArgumentException e) {
      throw new UsageException(option + ": " + e.getMessage(), e);
    }
  }

  private RowShape shape() {
    return switch (rows) {
      case "columns" -> RowShape.COLUMNS;
      case "conversations" -> RowShape.CONVERSATIONS;
      case "preferences" -> RowShape.PREFERENCES;
      default ->
          throw new UsageException(
              "--rows %s: there are columns, conversations and preferences".formatted(rows));
    };
  }

  private DataSettings settings() {
    try {
      return new DataSettings(
          data,
          Optional.empty(),
          Optional.empty(),
          text,
          pair,
          Optional.of(label),
          Optional.empty(),
          Leakage.WARN,
          Optional.empty(),
          Optional.empty(),
          shape(),
          Optional.empty(),
          Optional.empty());
    } catch (IllegalArgumentException e) {
      throw new UsageException("--" + e.getMessage(), e);
    }
  }
}
