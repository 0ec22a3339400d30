package dev.retort.redact;

import dev.retort.api.ChatAnswer;
import dev.retort.api.ChatModel;
import dev.retort.api.ChatRequest;
import dev.retort.api.ChatRequest.AnswerSchema;
import dev.retort.api.ChatRequest.Decoding;
import dev.retort.api.ChatTurn;
import dev.retort.io.Sha256;
import java.util.ArrayList;
import java.util.List;

/// Asks a model only what may leave the machine: everything else in a request is replaced by
/// placeholders first.
///
/// It belongs around all other chat models, so that a ledger too sees only the placeholders.
///
/// @param model who is asked
/// @param redactor finds what must stay
/// @param restore whether the text of answers gets the originals back; log-probabilities keep the
///   placeholders
/// @param report notes what was replaced
public record RedactingChatModel(
    ChatModel model, Redactor redactor, boolean restore, RedactionReport report)
    implements ChatModel {

  private static final int PLACE_BYTES = 6;

  @Override
  public String name() {
    return model.name();
  }

  @Override
  public String identity() {
    return model.identity();
  }

  /// Asks; the report names the place by a hash of the redacted request.
  @Override
  public ChatAnswer answer(ChatRequest request) throws InterruptedException {
    Redaction redaction = redactor.redaction(texts(request));
    ChatRequest redacted = redact(request, redaction);
    Sha256 hash = new Sha256();
    texts(redacted).forEach(hash::add);
    return answer("request " + hash.hex(PLACE_BYTES), redacted, redaction);
  }

  /// Asks; the report names the place as `place`, such as `train.csv:12`.
  public ChatAnswer answer(String place, ChatRequest request) throws InterruptedException {
    Redaction redaction = redactor.redaction(texts(request));
    return answer(place, redact(request, redaction), redaction);
  }

  private ChatAnswer answer(String place, ChatRequest redacted, Redaction redaction)
      throws InterruptedException {
    report.add(place, redaction);
    ChatAnswer answer = model.answer(redacted);
    return restore
        ? new ChatAnswer(
            redaction.restore(answer.text()),
            answer.finish(),
            answer.usage(),
            answer.model(),
            answer.id(),
            answer.logprobs())
        : answer;
  }

  private static ChatRequest redact(ChatRequest request, Redaction redaction) {
    List<ChatTurn> turns =
        request.turns().stream()
            .map(turn -> new ChatTurn(turn.role(), redaction.redact(turn.text())))
            .toList();
    Decoding decoding = request.decoding();
    return new ChatRequest(
        turns,
        new Decoding(
            decoding.maxTokens(),
            decoding.temperature(),
            decoding.topP(),
            decoding.topLogprobs(),
            decoding.stop().stream().map(redaction::redact).toList()),
        request
            .schema()
            .map(schema -> new AnswerSchema(schema.name(), redaction.redact(schema.json()))),
        request.sample());
  }

  private static List<String> texts(ChatRequest request) {
    List<String> texts = new ArrayList<>(request.turns().stream().map(ChatTurn::text).toList());
    texts.addAll(request.decoding().stop());
    request.schema().ifPresent(schema -> texts.add(schema.json()));
    return texts;
  }

  @Override
  public void close() {
    model.close();
  }
}
