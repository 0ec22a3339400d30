package dev.retort.app.command;

import dev.retort.app.exit.ExitCode;
import dev.retort.app.exit.UsageException;
import dev.retort.app.run.Session;
import dev.retort.app.terminal.Console;
import dev.retort.export.OnnxPrecision;
import dev.retort.export.ParityReport;
import dev.retort.gguf.GgufType;
import dev.retort.run.Exporting;
import dev.retort.run.RunFolder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `retort export`: a student as a file that runs elsewhere.
@Command(
    name = "export",
    description = "Write the student of a run as ONNX, safetensors or GGUF.",
    footerHeading = "%n",
    footer = {
      "An ONNX file is put in place only after it has answered like the student.",
      "",
      "  retort export runs/my-task-20260101-120000 --to onnx --quantize int8",
      "  retort export runs/my-model-20260101-120000 --to gguf --quantize q8_0"
    })
public final class ExportCommand implements Subcommand {

  private static final String ONNX = "onnx";
  private static final String SAFETENSORS = "safetensors";
  private static final String GGUF = "gguf";
  private static final String INT8 = "int8";

  @Parameters(paramLabel = "RUN", description = "The folder of a finished run.")
  private Path run = Path.of("");

  @Option(
      names = "--to",
      required = true,
      paramLabel = "FORMAT",
      description =
          "onnx, for retort-runtime and ONNX Runtime; safetensors, a Hugging Face folder; gguf, a"
              + " language model for llama.cpp.")
  private String format = "";

  @Option(
      names = "--quantize",
      paramLabel = "TYPE",
      description =
          "For ONNX int8: weights of 8 bits, a quarter of the size. For GGUF f32, f16 (default),"
              + " bf16, q8_0, q6_k, q5_k, q5_1, q5_0, q4_k, q4_1 or q4_0.")
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
    } else if (format.equals(GGUF)) {
      GgufType type = ggufType().orElse(GgufType.F16);
      target = target.resolve("model-%s.gguf".formatted(type.name().toLowerCase(Locale.ROOT)));
      exporting.gguf(target, type);
    } else {
      OnnxPrecision precision = quantize.isPresent() ? OnnxPrecision.INT8 : OnnxPrecision.FP32;
      exporting.onnx(target, EnumSet.of(precision)).forEach(report -> console.print(line(report)));
    }
    console.print("wrote " + target);
    return ExitCode.OK;
  }

  private void requireKnown() {
    if (!List.of(ONNX, SAFETENSORS, GGUF).contains(format)) {
      throw new UsageException("--to %s: there are onnx, safetensors and gguf".formatted(format));
    }
    boolean known =
        switch (format) {
          case ONNX -> quantize.map(INT8::equals).orElse(true);
          case GGUF -> quantize.isEmpty() || ggufType().isPresent();
          default -> quantize.isEmpty();
        };
    if (!known) {
      throw new UsageException(
          "--quantize %s: there is int8 with --to onnx, and with --to gguf %s"
              .formatted(quantize.orElse(""), Arrays.toString(GgufType.values())));
    }
  }

  private Optional<GgufType> ggufType() {
    return quantize.flatMap(name ->
        Arrays.stream(GgufType.values())
            .filter(type -> type.name().equalsIgnoreCase(name))
            .findFirst());
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
