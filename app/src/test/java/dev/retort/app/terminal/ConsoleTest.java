package dev.retort.app.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConsoleTest {

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  private Console console(boolean terminal, boolean colors) {
    return new Console(
        new PrintStream(out, true, StandardCharsets.UTF_8),
        new PrintStream(err, true, StandardCharsets.UTF_8),
        new Display(terminal, colors, () -> 80));
  }

  @Test
  void writesResultsAndNotesToTheirStreams() {
    Console console = console(false, false);
    console.print("result");
    console.note("note");
    console.status("status");
    console.keepStatus();
    assertThat(out).hasToString("result\n");
    assertThat(err).hasToString("note\nstatus\n");
  }

  @Test
  void clearsTheStatusBeforeOtherLines() {
    Console console = console(true, false);
    console.status("one");
    console.status("two");
    console.note("note");
    console.note("more");
    assertThat(err).hasToString("\r\u001B[Kone\r\u001B[Ktwo\r\u001B[Knote\nmore\n");
  }

  @Test
  void keepsAStatusThatIsFinal() {
    Console console = console(true, false);
    console.status("done");
    console.keepStatus();
    console.print("result");
    assertThat(err).hasToString("\r\u001B[Kdone\n");
    assertThat(out).hasToString("result\n");
  }

  @Test
  void stylesOnlyWhereColoursAreWelcome() {
    assertThat(console(true, true).styled(Style.RED, "no")).isEqualTo("\u001B[31mno\u001B[0m");
    assertThat(console(true, false).styled(Style.RED, "no")).isEqualTo("no");
  }

  @ParameterizedTest
  @CsvSource({
    "true, xterm, '', true, true",
    "true, xterm, 1, true, false",
    "true, dumb, '', false, false",
    "false, xterm, '', false, false"
  })
  void decidesWhatTheDisplayCanShow(
      boolean terminal, String term, String noColor, boolean live, boolean colors) {
    Map<String, String> environment = Map.of("TERM", term, "NO_COLOR", noColor);
    Display display = Display.detect(environment, terminal);
    assertThat(display.terminal()).isEqualTo(live);
    assertThat(display.colors()).isEqualTo(colors);
  }

  @ParameterizedTest
  @CsvSource({"100, 100", "'', 80", "wide, 80", "5, 80", "-100, 80", "99999, 80"})
  void takesTheWidthFromTheEnvironment(String columns, int width) {
    assertThat(Display.detect(Map.of("COLUMNS", columns), false).columns().getAsInt())
        .isEqualTo(width);
  }

  @Test
  void readsTheAnswerOfStty() {
    assertThat(TerminalWidth.parseSize("24 132\n")).hasValue(132);
    assertThat(TerminalWidth.parseSize("0 0\n")).isEmpty();
    assertThat(TerminalWidth.parseSize("stty: standard input: Not a tty")).isEmpty();
  }
}
