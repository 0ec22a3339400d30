package dev.retort.label;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.retort.api.ChatRequest;
import dev.retort.api.ChatTurn;
import dev.retort.data.Example;
import dev.retort.data.Place;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class LabelQuestionTest {
  private static final List<String> LABELS = List.of("late", "lost");

  @Test
  void asksWithInstructionsMeaningsAndExamples() {
    LabelQuestion question =
        new LabelQuestion(LABELS, settings(3, false, false), List.of(example("Gone!", 1)));
    List<ChatRequest> requests = question.requests(example("Where is it?", -1));
    assertThat(requests).extracting(ChatRequest::sample).containsExactly(0, 1, 2);
    List<ChatTurn> turns = requests.getFirst().turns();
    assertThat(turns)
        .extracting(ChatTurn::role)
        .containsExactly(
            ChatTurn.Role.SYSTEM, ChatTurn.Role.USER, ChatTurn.Role.ASSISTANT, ChatTurn.Role.USER);
    assertThat(turns.getFirst().text())
        .startsWith("Sort parcels.")
        .contains("- late: it will come\n- lost\n")
        .endsWith("Answer with exactly one of these labels, spelt as above, and nothing else.");
    assertThat(turns).extracting(ChatTurn::text).endsWith("Gone!", "lost", "Where is it?");
    assertThat(requests.getFirst().decoding().temperature()).isEqualTo(1);
  }

  @Test
  void oneVoteIsTheLikeliestAnswer() {
    ChatRequest request =
        new LabelQuestion(LABELS, LabelSettings.USUAL, List.of())
            .requests(example("Where?", -1))
            .getFirst();
    assertThat(request.decoding().temperature()).isZero();
    assertThat(request.schema()).isEmpty();
  }

  @Test
  void theSchemaAllowsTheLabelsAlone() {
    ChatRequest request =
        new LabelQuestion(LABELS, settings(1, true, true), List.of(example("Gone!", 1)))
            .requests(example("Where?", -1))
            .getFirst();
    JsonNode schema = JsonMapper.shared().readTree(request.schema().orElseThrow().json());
    assertThat(schema.at("/properties/label/enum").toString()).isEqualTo("[\"late\",\"lost\"]");
    assertThat(schema.at("/required").toString()).isEqualTo("[\"rationale\",\"label\"]");
    assertThat(schema.at("/additionalProperties").asBoolean(true)).isFalse();
    assertThat(request.turns().get(2).text()).isEqualTo("{\"label\":\"lost\"}");
  }

  @Test
  void whatIsShownAsAnExampleCanBeRead() {
    for (boolean structured : new boolean[] {false, true}) {
      for (boolean rationale : new boolean[] {false, true}) {
        LabelSettings settings = settings(1, rationale, structured);
        LabelQuestion question = new LabelQuestion(LABELS, settings, List.of(example("Gone!", 1)));
        String shown = question.requests(example("Where?", -1)).getFirst().turns().get(2).text();
        Opinion opinion =
            new AnswerReader(LABELS, settings)
                .read(
                    new dev.retort.api.ChatAnswer(
                        shown,
                        dev.retort.api.ChatAnswer.Finish.STOP,
                        dev.retort.api.ChatAnswer.Usage.NONE,
                        "model",
                        "id",
                        List.of()));
        assertThat(opinion)
            .isInstanceOfSatisfying(
                Opinion.Heard.class, heard -> assertThat(heard.label()).isEqualTo(1));
      }
    }
  }

  @Test
  void contradictionsAreRefused() {
    assertThatThrownBy(() -> new LabelQuestion(List.of("one"), LabelSettings.USUAL, List.of()))
        .hasMessageContaining("1 labels to choose from");
    assertThatThrownBy(() ->
            new LabelSettings(
                Optional.empty(),
                Map.of(),
                0,
                false,
                3,
                Optional.of(0.0),
                0,
                false,
                false,
                Optional.empty(),
                0.05))
        .hasMessageContaining("temperature is 0, which gives the same answer 3 times");
  }

  private static LabelSettings settings(int votes, boolean rationale, boolean structured) {
    return new LabelSettings(
        Optional.of("Sort parcels."),
        Map.of("late", "it will come"),
        1,
        false,
        votes,
        Optional.empty(),
        0,
        rationale,
        structured,
        Optional.empty(),
        0.05);
  }

  private static Example example(String text, int label) {
    return new Example(text, Optional.empty(), label, Place.of(Path.of("data.csv")));
  }
}
