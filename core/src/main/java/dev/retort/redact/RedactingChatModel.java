package dev.retort.redact;

import dev.retort.api.ChatAnswer;
import dev.retort.api.ChatModel;
import dev.retort.api.ChatRequest;
import dev.retort.io.Sha256;

/// Asks a model only what may leave the machine: everything else in a request is replaced by
/// placeholders first.
///
/// It belongs around all other chat models, so that a ledger too sees only the placeholders.
///
/// @param model who is asked
/// @param redactor finds what must stay, and may put it back into answers
/// @param report notes what was replaced
public record RedactingChatModel(ChatModel model, Redactor redactor, RedactionReport report)
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
    Redaction redaction = redactor.redaction(request);
    ChatRequest redacted = redaction.redact(request);
    Sha256 hash = new Sha256();
    Redactor.texts(redacted).forEach(hash::add);
    return answer("request " + hash.hex(PLACE_BYTES), redacted, redaction);
  }

  /// Asks; the report names the place as `place`, such as `train.csv:12`.
  public ChatAnswer answer(String place, ChatRequest request) throws InterruptedException {
    Redaction redaction = redactor.redaction(request);
    return answer(place, redaction.redact(request), redaction);
  }

  private ChatAnswer answer(String place, ChatRequest redacted, Redaction redaction)
      throws InterruptedException {
    report.add(place, redaction);
    return redaction.heard(model.answer(redacted));
  }

  @Override
  public void close() {
    model.close();
  }
}
