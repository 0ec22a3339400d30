package dev.retort.app.command;

import dev.retort.app.exit.ExitCode;
import dev.retort.app.exit.UsageException;
import dev.retort.app.run.Session;
import dev.retort.data.DataSettings;
import dev.retort.data.Leakage;
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
    description = "Measure a model on labelled data: quality, latency, size.",
    footerHeading = "%n",
    footer = "  retort evaluate runs/my-task-20260101-120000 --data test.csv")
public final class EvaluateCommand implements Subcommand {

  @Parameters(
      paramLabel = "MODEL",
      description =
          "The folder of a run, of an ONNX export or of a Hugging Face classifier, or an address"
              + " such as hf:owner/name.")
  private String model = "";

  @Option(
      names = "--data",
      required = true,
      paramLabel = "FILE",
      description = "CSV, TSV, JSONL or Parquet with texts and labels.")
  private String data = "";

  @Option(
      names = "--text",
      paramLabel = "COLUMN",
      description = "Column with the text (default: ${DEFAULT-VALUE}).")
  private String text = "text";

  @Option(
      names = "--label",
      paramLabel = "COLUMN",
      description = "Column with the class (default: ${DEFAULT-VALUE}).")
  private String label = "label";

  @Option(
      names = "--pair",
      paramLabel = "COLUMN",
      description = "Column with the second text, for a task on pairs.")
  private Optional<String> pair = Optional.empty();

  @Override
  public ExitCode run(Session session) throws IOException {
    Evaluating evaluating = new Evaluating(settings(), Path.of("").toAbsolutePath());
    session.console().note("measuring " + model);
    List<Evaluation> evaluations = evaluating.evaluate(folder(session));
    Results results = new Results(evaluations, List.of(), List.of());
    session
        .console()
        .print(TerminalTable.models(results, session.console().columns()).stripTrailing());
    return ExitCode.OK;
  }

  private Path folder(Session session) throws IOException {
    try {
      return Address.parse(model) instanceof Address.Folder(Path path)
          ? path
          : session.models().fetch(model, session.downloadDisplay()).folder();
    } catch (IllegalArgumentException e) {
      throw new UsageException("MODEL: " + e.getMessage(), e);
    }
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
          Leakage.WARN);
    } catch (IllegalArgumentException e) {
      throw new UsageException("--" + e.getMessage(), e);
    }
  }
}
