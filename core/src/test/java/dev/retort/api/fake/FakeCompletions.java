package dev.retort.api.fake;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import mockwebserver3.RecordedRequest;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// OpenAI's older completions. A model named `vllm` also scores a prompt as vLLM does, and one
/// named `deaf` does not know how to.
record FakeCompletions() implements FakeWire {

  @Override
  public boolean serves(String path) {
    return path.equals("/v1/completions");
  }

  @Override
  public boolean admits(RecordedRequest request) {
    return FakeOpenAi.admits(request);
  }

  @Override
  public FakeQuestion read(String path, JsonNode body) {
    String model = body.path("model").asString();
    return new FakeQuestion(
        model,
        List.of(body.path("prompt").asString()),
        FakeOpenAi.maxTokens(body),
        body.has("logprobs") ? Optional.of(body.path("logprobs").asInt()) : Optional.empty(),
        Optional.empty(),
        body.path("stream").asBoolean(false),
        body.path("echo").asBoolean(false) && !model.equals("deaf"));
  }

  @Override
  public ObjectNode whole(FakeQuestion question, FakeReply reply) {
    ObjectNode whole = FakeOpenAi.head("text_completion", question.model());
    ObjectNode choice = whole.putArray("choices").addObject().put("index", 0);
    List<String> prompt = question.echo() ? FakeReply.words(question.text()) : List.<String>of();
    List<String> tokens = new ArrayList<>(prompt);
    tokens.addAll(reply.tokens());
    choice.put("text", String.join("", tokens));
    if (question.topLogprobs().isPresent()) {
      putLogprobs(choice, question, reply, tokens, 0);
    }
    if (question.echo() && question.model().equals("vllm")) {
      putPromptLogprobs(choice, prompt, question.topLogprobs().orElse(0));
    }
    choice.put("finish_reason", FakeOpenAi.finish(reply));
    whole.set("usage", FakeOpenAi.usage(reply));
    return whole;
  }

  @Override
  public List<String> events(FakeQuestion question, FakeReply reply) {
    List<String> events = new ArrayList<>();
    for (int i = 0; i < reply.tokens().size(); i++) {
      ObjectNode next = FakeOpenAi.head("text_completion", question.model());
      ObjectNode choice = next.putArray("choices").addObject().put("index", 0);
      choice.put("text", reply.tokens().get(i));
      if (question.topLogprobs().isPresent()) {
        putLogprobs(choice, question, reply, List.of(reply.tokens().get(i)), i);
      }
      boolean last = i == reply.tokens().size() - 1;
      choice.set(
          "finish_reason", last ? choice.stringNode(FakeOpenAi.finish(reply)) : choice.nullNode());
      events.add(next.toString());
    }
    events.addAll(FakeOpenAi.end(FakeOpenAi.head("text_completion", question.model()), reply));
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

  /// @param first position of the first of these tokens
  private static void putLogprobs(
      ObjectNode choice, FakeQuestion question, FakeReply reply, List<String> tokens, int first) {
    boolean wrong = reply.fault().equals(Optional.of(Fault.WRONG_LOGPROBS));
    ObjectNode logprobs = choice.putObject("logprobs");
    ArrayNode texts = logprobs.putArray("tokens");
    ArrayNode values = logprobs.putArray("token_logprobs");
    ArrayNode alternatives = logprobs.putArray("top_logprobs");
    ArrayNode offsets = logprobs.putArray("text_offset");
    int offset = 0;
    for (int i = 0; i < tokens.size(); i++) {
      boolean nothingBefore = question.echo() && i == 0;
      texts.add(tokens.get(i));
      offsets.add(offset);
      offset += tokens.get(i).length();
      if (nothingBefore) {
        values.addNull();
        alternatives.addNull();
      } else if (!wrong || i > 0) { // wrong: a value too few
        values.add(FakeReply.logprob(first + i));
        ObjectNode here = alternatives.addObject();
        for (int rank = 0; rank < question.topLogprobs().orElse(0); rank++) {
          here.put(rank == 0 ? tokens.get(i) : "other" + rank, FakeReply.logprob(first + i) - rank);
        }
      }
    }
  }

  private static void putPromptLogprobs(ObjectNode choice, List<String> prompt, int top) {
    ArrayNode places = choice.putArray("prompt_logprobs");
    places.addNull();
    for (int i = 1; i < prompt.size(); i++) {
      ObjectNode place = places.addObject();
      for (int rank = 0; rank <= top; rank++) {
        place
            .putObject(String.valueOf(1000 * i + rank))
            .put("logprob", FakeReply.logprob(i) - 1.0 / 8 * rank)
            .put("rank", rank + 1)
            .put("decoded_token", rank == 0 ? prompt.get(i) : "other" + rank);
      }
    }
  }
}
