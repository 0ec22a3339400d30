package dev.retort.api.wire;

import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// A stream of OpenAI's APIs. The tokens used come after the last piece of the text, so that a
/// stream is whole only with its end mark.
final class OpenAiFold implements EventFold {

  private final ChoiceFold choice;
  private final ObjectNode whole = JsonMapper.shared().createObjectNode();
  private final ObjectNode end = JsonMapper.shared().createObjectNode();
  private boolean ended;

  OpenAiFold(ChoiceFold choice) {
    this.choice = choice;
  }

  @Override
  public void add(Answer event) {
    keep(event.at("id"), whole);
    keep(event.at("model"), whole);
    keep(event.at("usage"), whole);
    event
        .at("choices")
        .at(0)
        .ifThere()
        .ifPresent(piece -> {
          choice.add(piece);
          keep(piece.at("finish_reason"), end);
        });
  }

  @Override
  public void done() {
    ended = true;
  }

  @Override
  public boolean isEnded() {
    return ended && end.has("finish_reason");
  }

  @Override
  public ObjectNode whole() {
    ObjectNode answer = whole.deepCopy();
    answer.putArray("choices").add(choice.whole().setAll(end));
    return answer;
  }

  private static void keep(Answer place, ObjectNode in) {
    place.ifThere().ifPresent(found -> in.set(found.step(), found.json()));
  }
}
