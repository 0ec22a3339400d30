package dev.retort.redact;

import static org.assertj.core.api.Assertions.assertThat;

import dev.retort.api.ChatAnswer;
import dev.retort.api.ChatAnswer.Finish;
import dev.retort.api.ChatAnswer.Usage;
import dev.retort.api.ChatRequest;
import dev.retort.api.ChatRequest.AnswerSchema;
import dev.retort.api.ChatRequest.Decoding;
import dev.retort.api.ChatTurn;
import dev.retort.api.ScriptedModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RedactingChatModelTest {

  private static final RedactSettings SETTINGS =
      new RedactSettings(List.of(RedactKind.EMAIL), List.of(), true);
  private static final ChatRequest REQUEST =
      new ChatRequest(
          List.of(
              ChatTurn.system("You are bot@shop.example."),
              ChatTurn.user("I am jane@x.example; who are you?")),
          new Decoding(10, 0, 1, 0, List.of("jane@x.example")),
          Optional.of(new AnswerSchema("who", "{\"enum\":[\"bot@shop.example\"]}")),
          2);

  @TempDir Path folder;

  private final List<ChatRequest> sent = new ArrayList<>();
  private final RedactionReport report = new RedactionReport();

  @Test
  void noOriginalLeavesTheMachine() throws InterruptedException {
    ChatAnswer answer = model(true).answer("train.csv:12", REQUEST);

    assertThat(sent)
        .containsExactly(
            new ChatRequest(
                List.of(
                    ChatTurn.system("You are [EMAIL_1]."),
                    ChatTurn.user("I am [EMAIL_2]; who are you?")),
                new Decoding(10, 0, 1, 0, List.of("[EMAIL_2]")),
                Optional.of(new AnswerSchema("who", "{\"enum\":[\"[EMAIL_1]\"]}")),
                2));
    assertThat(answer.text()).isEqualTo("I am bot@shop.example.");
  }

  @Test
  void answersKeepPlaceholdersUnlessTheyAreRestored() throws InterruptedException {
    assertThat(model(false).answer(REQUEST).text()).isEqualTo("I am [EMAIL_1].");
  }

  @Test
  void theReportSaysHowMuchAndWhereButNotWhat() throws InterruptedException, IOException {
    model(true).answer("train.csv:12", REQUEST);
    model(true).answer(REQUEST);
    model(true).answer("train.csv:13", ChatRequest.of(List.of(ChatTurn.user("Hi")), SMALL));
    Path file = folder.resolve("redaction.json");
    report.write(file);

    assertThat(report.counts()).hasToString("{EMAIL=8}");
    assertThat(report.places().keySet())
        .hasSize(2)
        .contains("train.csv:12")
        .anyMatch(place -> place.matches("request [0-9a-f]{12}"));
    assertThat(Files.readString(file)).contains("train.csv:12").doesNotContain("jane", "bot@");
  }

  private static final Decoding SMALL = Decoding.greedy(1);

  private RedactingChatModel model(boolean restore) {
    return new RedactingChatModel(
        new ScriptedModel("m", sent, RedactingChatModelTest::introduction),
        new Redactor(new RedactSettings(SETTINGS.kinds(), SETTINGS.patterns(), restore)),
        report);
  }

  /// Says who it is, in the words it was sent.
  private static ChatAnswer introduction(ChatRequest request) {
    String text = request.turns().getFirst().text().replace("You are", "I am");
    return new ChatAnswer(text, Finish.STOP, Usage.NONE, "m", "", List.of());
  }
}
