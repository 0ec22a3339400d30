package dev.retort.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import dev.retort.api.ChatAnswer.Alternative;
import dev.retort.api.ChatAnswer.TokenLogprob;
import dev.retort.api.ChatRequest;
import dev.retort.api.ChatRequest.AnswerSchema;
import dev.retort.api.ChatRequest.Decoding;
import dev.retort.api.ChatTurn;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class CanonicalRequestTest {

  private static final ChatRequest FULL =
      new ChatRequest(
          List.of(
              ChatTurn.system("Be \"brief\"."),
              ChatTurn.user("Hé\n?\u0000"),
              ChatTurn.assistant("…")),
          new Decoding(64, 0.7, 0.95, 5, List.of("\n\n", "END")),
          Optional.of(new AnswerSchema("label", "{\"type\":\"string\"}")),
          3);

  @Test
  void everySettingIsWrittenAlwaysInTheSameOrder() {
    assertThat(CanonicalRequest.json(Questions.question("Hi")))
        .isEqualTo(
            "{\"turns\":[{\"role\":\"user\",\"text\":\"Hi\"}],\"maxTokens\":100,"
                + "\"temperature\":0.0,\"topP\":1.0,\"topLogprobs\":0,\"stop\":[],\"sample\":0}");
  }

  @Test
  void whatIsWrittenCanBeRead() {
    assertThat(CanonicalRequest.parse(CanonicalRequest.json(FULL))).isEqualTo(FULL);
  }

  /// Ledgers on disk are found by these hashes: a change of them loses all answers.
  @Test
  void keysStayAsTheyAre() {
    assertThat(CanonicalRequest.key("openai https://api.example/v1 gpt-x", FULL))
        .isEqualTo("a6ab7833e4cce3d8b905591bf9b93e8272862b90222bb04ea32b8b95bf647f10");
  }

  @Test
  void whateverDiffersGivesAnotherKey() {
    Decoding d = FULL.decoding();
    List<ChatRequest> others =
        List.of(
            FULL.withSample(4),
            new ChatRequest(FULL.turns().subList(0, 2), d, FULL.schema(), 3),
            new ChatRequest(FULL.turns(), d, Optional.empty(), 3),
            decoding(new Decoding(65, 0.7, 0.95, 5, d.stop())),
            decoding(new Decoding(64, 0.8, 0.95, 5, d.stop())),
            decoding(new Decoding(64, 0.7, 0.9, 5, d.stop())),
            decoding(new Decoding(64, 0.7, 0.95, 4, d.stop())),
            decoding(new Decoding(64, 0.7, 0.95, 5, List.of("\n\nEND"))));
    Stream<String> keys =
        Stream.concat(
            Stream.of(CanonicalRequest.key("a", FULL), CanonicalRequest.key("b", FULL)),
            others.stream().map(request -> CanonicalRequest.key("a", request)));

    assertThat(keys).doesNotHaveDuplicates().hasSize(10);
  }

  @Test
  void logprobsSurvive() {
    List<TokenLogprob> logprobs =
        List.of(
            new TokenLogprob(
                "\u2581yes",
                -0.12345678901234566,
                List.of(new Alternative("yes", -0.1), new Alternative("no", -9999.0))),
            new TokenLogprob("<0xE2>", Double.NEGATIVE_INFINITY, List.of()));

    assertThat(CanonicalRequest.logprobs(CanonicalRequest.logprobs(logprobs))).isEqualTo(logprobs);
  }

  private static ChatRequest decoding(Decoding decoding) {
    return new ChatRequest(FULL.turns(), decoding, FULL.schema(), FULL.sample());
  }
}
