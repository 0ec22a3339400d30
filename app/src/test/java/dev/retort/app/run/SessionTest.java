package dev.retort.app.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.retort.app.exit.UsageException;
import dev.retort.app.terminal.Console;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SessionTest {

  @Test
  void commandLinesCanBePastedIntoAShell() {
    assertThat(session(Map.of()).commandLine(List.of("distill", "my task/it's.yaml", "--resume")))
        .isEqualTo("./retort distill 'my task/it'\\''s.yaml' --resume");
    assertThat(session(Map.of()).commandLine(List.of("--set", "train.epochs=3")))
        .isEqualTo("./retort --set train.epochs=3");
  }

  @Test
  void aVariableThatIsNoAddressIsTheUsersToChange() {
    assertThatThrownBy(session(Map.of("HF_ENDPOINT", "hub.local"))::models)
        .isInstanceOf(UsageException.class)
        .hasMessageStartingWith("environment variable HF_ENDPOINT='hub.local' is not");
  }

  private static Session session(Map<String, String> environment) {
    return new Session(
        Console.system(), environment, Path.of("home"), "./retort", new Interruption());
  }
}
