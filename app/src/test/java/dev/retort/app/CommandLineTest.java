package dev.retort.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.retort.app.Shell.Result;
import dev.retort.app.exit.ExitCode;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CommandLineTest {

  @TempDir Path home;

  @Test
  void helpNamesCommandsAndExitCodes() {
    Result result = shell().retort("--help");

    assertThat(result.code()).isEqualTo(ExitCode.OK);
    assertThat(result.out())
        .contains(
            "demo",
            "init",
            "check",
            "label",
            "generate",
            "convert",
            "distill",
            "evaluate",
            "export")
        .contains("130", "interrupted", "RETORT_JAVA_OPTS")
        .doesNotContain("reference");
    assertThat(result.err()).isEmpty();
  }

  @Test
  void noLineOfHelpIsWiderThanTheTerminal() {
    for (String command :
        new String[] {
          "demo", "init", "check", "label", "generate", "convert", "distill", "evaluate"
        }) {
      assertThat(shell().retort(command, "--help").out().lines())
          .allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(80));
    }
  }

  @Test
  void helpIsACommandToo() {
    assertThat(shell().retort("help", "distill").out())
        .isEqualTo(shell().retort("distill", "--help").out())
        .contains("--resume");
  }

  @Test
  void versionNamesTheJavaItRunsOn() {
    assertThat(shell().retort("--version").out())
        .startsWith("Retort ")
        .contains("Java " + Runtime.version());
  }

  @Test
  void nothingAtAllIsAnsweredWithHelp() {
    Result result = shell().retort();

    assertThat(result.code()).isEqualTo(ExitCode.RECIPE);
    assertThat(result.err()).startsWith("Usage: retort");
    assertThat(result.out()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      textBlock =
          """
          distil r.yaml           | there is no command 'distil'; did you mean 'distill'?
          distill r.yaml --resme  | there is no option '--resme'; did you mean '--resume'?
          check r.yaml other.yaml | 'other.yaml' is an argument too many
          check                   | missing required parameter: 'RECIPE'
          export run              | missing required option: '--to=FORMAT'
          init sonnets my-task    | there is no template 'sonnets'
          export run --to tflite  | --to tflite: there are onnx, safetensors and gguf
          export r --to onnx --quantize int4 | --quantize int4: there is int8
          export r --to gguf --quantize q3_k | --quantize q3_k: there is int8 with --to onnx
          """)
  void slipsAreExplained(String words, String message) {
    Result result = shell().retort((Object[]) words.split(" "));

    assertThat(result.code()).isEqualTo(ExitCode.RECIPE);
    assertThat(result.err()).startsWith("retort: " + message).doesNotContain("Exception");
    assertThat(result.out()).isEmpty();
  }

  @Test
  void helpIsPointedAtTheWayTheUserCalledRetort() {
    assertThat(shell().retort("distill").err()).endsWith("Try: ./retort distill --help\n");
  }

  @ParameterizedTest
  @ValueSource(strings = {"--debug", "--no-color"})
  void sharedOptionsStandBeforeAndBehindTheCommand(String option) {
    assertThat(shell().retort(option, "reference").out())
        .isEqualTo(shell().retort("reference", option).out())
        .startsWith("# Recipe reference");
  }

  @Test
  void stackTracesComeOnRequest() {
    Result plain = shell().retort("check", home.resolve("none.yaml"));
    Result traced = shell().retort("--debug", "check", home.resolve("none.yaml"));

    assertThat(plain.err()).contains("there is no such file").doesNotContain("at dev.retort");
    assertThat(traced.err()).startsWith(plain.err()).contains("at dev.retort");
  }

  private Shell shell() {
    return new Shell(home);
  }
}
