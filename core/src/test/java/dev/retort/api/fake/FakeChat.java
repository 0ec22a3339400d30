package dev.retort.api.fake;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import mockwebserver3.RecordedRequest;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// OpenAI's chat completions, at their own path and at Azure's.
record FakeChat() implements FakeWire {

  @Override
  public boolean serves(String path) {
    return path.equals("/v1/chat/completions")
        || path.matches("/openai/deployments/[^/]+/chat/completions\\?api-version=[\\d-]+");
  }

  @Override
  public boolean admits(RecordedRequest request) {
    return FakeOpenAi.admits(request);
  }

  @Override
  public FakeQuestion read(String path, JsonNode body) {
    return new FakeQuestion(
        body.path("model").asString(),
        body.path("messages").valueStream().map(turn -> turn.path("content").asString()).toList(),
        FakeOpenAi.maxTokens(body),
        body.path("logprobs").asBoolean(false)
            ? Optional.of(body.path("top_logprobs").asInt(0))
            : Optional.empty(),
        body.path("response_format").path("json_schema").path("name").stringValueOpt(),
        body.path("stream").asBoolean(false),
        false);
  }

  @Override
  public ObjectNode whole(FakeQuestion question, FakeReply reply) {
    ObjectNode whole = FakeOpenAi.head("chat.completion", question.model());
    ObjectNode choice = whole.putArray("choices").addObject().put("index", 0);
    choice.set("message", said(reply, reply.text()).put("role", "assistant"));
    putLogprobs(choice, question, reply, OptionalInt.empty());
    choice.put("finish_reason", FakeOpenAi.finish(reply));
    whole.set("usage", FakeOpenAi.usage(reply));
    return whole;
  }

  @Override
  public List<String> events(FakeQuestion question, FakeReply reply) {
    List<String> events = new ArrayList<>();
    ObjectNode first = chunk(question);
    piece(first).putObject("delta").put("role", "assistant").put("content", "");
    events.add(first.toString());
    for (int i = 0; i < reply.tokens().size(); i++) {
      ObjectNode next = chunk(question);
      ObjectNode choice = piece(next);
      choice.set("delta", said(reply, reply.tokens().get(i)));
      putLogprobs(choice, question, reply, OptionalInt.of(i));
      events.add(next.toString());
    }
    ObjectNode last = chunk(question);
    piece(last).put("finish_reason", FakeOpenAi.finish(reply)).putObject("delta");
    events.add(last.toString());
    events.addAll(FakeOpenAi.end(chunk(question), reply));
    return events;
  }

  @Override
  public Optional<String> eventName(String data) {
    return Optional.empty();
  }

  @Override
  public FakeError error(Fault fault) {
    return FakeOpenAi.error(fault);
  }

  private static ObjectNode chunk(FakeQuestion question) {
    return FakeOpenAi.head("chat.completion.chunk", question.model());
  }

  private static ObjectNode piece(ObjectNode chunk) {
    return chunk.putArray("choices").addObject().put("index", 0).putNull("finish_reason");
  }

  private static ObjectNode said(FakeReply reply, String text) {
    boolean refused = reply.finish() == FakeReply.Finish.REFUSED;
    ObjectNode said = FakeOpenAi.object();
    if (refused) {
      return said.put("refusal", text).putNull("content");
    }
    return said.put("content", text).putNull("refusal");
  }

  private static void putLogprobs(
      ObjectNode choice, FakeQuestion question, FakeReply reply, OptionalInt only) {
    if (question.topLogprobs().isEmpty()) {
      choice.putNull("logprobs");
      return;
    }
    ArrayNode content = choice.putObject("logprobs").putNull("refusal").putArray("content");
    for (int i = 0; i < reply.tokens().size(); i++) {
      if (only.isEmpty() || only.getAsInt() == i) {
        putToken(content, reply, i, question.topLogprobs().get());
      }
    }
  }

  private static void putToken(ArrayNode content, FakeReply reply, int position, int top) {
    ObjectNode token = content.addObject();
    token.put("token", reply.tokens().get(position)).putNull("bytes");
    if (reply.fault().equals(Optional.of(Fault.WRONG_LOGPROBS))) {
      token.put("logprob", "very likely");
    } else {
      token.put("logprob", FakeReply.logprob(position));
    }
    ArrayNode alternatives = token.putArray("top_logprobs");
    for (int rank = 0; rank < top; rank++) {
      String text = rank == 0 ? reply.tokens().get(position) : "other" + rank;
      alternatives
          .addObject()
          .put("token", text)
          .put("logprob", FakeReply.logprob(position) - rank)
          .putNull("bytes");
    }
  }
}
