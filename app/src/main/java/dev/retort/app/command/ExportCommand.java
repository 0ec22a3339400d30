package dev.retort.app.command;

import dev.retort.app.exit.ExitCode;
import dev.retort.app.exit.UsageException;
import dev.retort.app.run.Session;
import dev.retort.app.terminal.Console;
import dev.retort.export.OnnxPrecision;
import dev.retort.export.ParityReport;
import dev.retort.run.Exporting;
import dev.retort.run.RunFolder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `retort export`: a student as a file that runs elsewhere.
@Command(
    name = "export",
    description = "Write the student of a run as ONNX or safetensors.",
    footerHeading = "%n",
    footer = {
      "An ONNX file is put in place only after it has answered like the student.",
      "",
      "  retort export runs/my-task-20260101-120000 --to onnx --quantize int8"
    })
public final class ExportCommand implements Subcommand {

  private static final String ONNX = "onnx";
  private static final String SAFETENSORS = "safetensors";
  private static final String INT8 = "int8";

  @Parameters(paramLabel = "RUN", description = "The folder of a finished run.")
  private Path run = Path.of("");

  @Option(
      names = "--to",
      required = true,
      paramLabel = "FORMAT",
      description =
          "onnx, for retort-runtime and ONNX Runtime, or safetensors, a Hugging Face folder.")
  private String format = "";

  @Option(
      names = "--quantize",
      paramLabel = "TYPE",
      description = "int8: weights of 8 bits, a quarter of the size; for ONNX.")
  private Optional<String> quantize = Optional.empty();

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = "Where to write (default: export/FORMAT in the run).")
  private Optional<Path> out = Optional.empty();

  @Override
  public ExitCode run(Session session) throws IOException {
    requireKnown();
    String name = format + quantize.map(type -> "-" + type).orElse("");
    Path target = out.orElseGet(() -> run.resolve("export").resolve(name));
    Exporting exporting = new Exporting(new RunFolder(run));
    Console console = session.console();
    if (format.equals(SAFETENSORS)) {
      exporting.huggingFace(target);
    } else {
      OnnxPrecision precision = quantize.isPresent() ? OnnxPrecision.INT8 : OnnxPrecision.FP32;
      exporting.onnx(target, EnumSet.of(precision)).forEach(report -> console.print(line(report)));
    }
    console.print("wrote " + target);
    return ExitCode.OK;
  }

  private void requireKnown() {
    if (!format.equals(ONNX) && !format.equals(SAFETENSORS)) {
      throw new UsageException("--to %s: there are onnx and safetensors".formatted(format));
    }
    quantize.ifPresent(type -> {
      if (!type.equals(INT8) || !format.equals(ONNX)) {
        throw new UsageException(
            "--quantize %s: there is int8, and only with --to onnx".formatted(type));
      }
    });
  }

  private static String line(ParityReport report) {
    return String.format(
        Locale.ROOT,
        "%s chooses like the student for %.1f %% of %d texts",
        report.file(),
        100 * report.agreement(),
        report.samples());
  }
}
