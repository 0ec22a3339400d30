package dev.retort.ledger;

import dev.retort.api.ChatAnswer;
import dev.retort.api.ChatAnswer.Alternative;
import dev.retort.api.ChatAnswer.TokenLogprob;
import dev.retort.api.ChatRequest;
import dev.retort.api.ChatRequest.AnswerSchema;
import dev.retort.api.ChatRequest.Decoding;
import dev.retort.api.ChatTurn;
import dev.retort.io.Sha256;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Writes requests as the one JSON text that equal requests share, and finds answers by its hash.
public final class CanonicalRequest {

  private static final JsonMapper MAPPER = JsonMapper.shared();

  private CanonicalRequest() {}

  /// The name of a question: a hash of the request and of [dev.retort.api.ChatModel#identity], 64
  /// hexadecimal digits.
  public static String key(String identity, ChatRequest request) {
    return new Sha256().add(identity).add(json(request)).hex(Sha256.BYTES);
  }

  /// The request as JSON: every setting, always in the same order.
  public static String json(ChatRequest request) {
    ObjectNode json = MAPPER.createObjectNode();
    ArrayNode turns = json.putArray("turns");
    for (ChatTurn turn : request.turns()) {
      turns.addObject().put("role", role(turn.role())).put("text", turn.text());
    }
    Decoding decoding = request.decoding();
    json.put("maxTokens", decoding.maxTokens())
        .put("temperature", decoding.temperature())
        .put("topP", decoding.topP())
        .put("topLogprobs", decoding.topLogprobs());
    ArrayNode stop = json.putArray("stop");
    decoding.stop().forEach(stop::add);
    request
        .schema()
        .ifPresent(schema ->
            json.putObject("schema").put("name", schema.name()).put("json", schema.json()));
    json.put("sample", request.sample());
    return MAPPER.writeValueAsString(json);
  }

  /// The request that [#json] wrote.
  public static ChatRequest parse(String json) {
    JsonNode node = MAPPER.readTree(json);
    List<ChatTurn> turns = new ArrayList<>();
    for (JsonNode turn : node.required("turns")) {
      turns.add(
          new ChatTurn(
              ChatTurn.Role.valueOf(turn.required("role").asString().toUpperCase(Locale.ROOT)),
              turn.required("text").asString()));
    }
    Decoding decoding =
        new Decoding(
            node.required("maxTokens").asInt(),
            node.required("temperature").asDouble(),
            node.required("topP").asDouble(),
            node.required("topLogprobs").asInt(),
            node.required("stop").valueStream().map(JsonNode::asString).toList());
    Optional<AnswerSchema> schema =
        Optional.ofNullable(node.get("schema"))
            .map(found ->
                new AnswerSchema(
                    found.required("name").asString(), found.required("json").asString()));
    return new ChatRequest(turns, decoding, schema, node.required("sample").asInt());
  }

  /// The log-probabilities of an answer as JSON, with the names that OpenAI gives its fields.
  static String logprobs(List<TokenLogprob> logprobs) {
    ArrayNode json = MAPPER.createArrayNode();
    for (TokenLogprob token : logprobs) {
      ObjectNode node =
          json.addObject().put("token", token.token()).put("logprob", token.logprob());
      ArrayNode top = node.putArray("top_logprobs");
      for (Alternative other : token.top()) {
        top.addObject().put("token", other.token()).put("logprob", other.logprob());
      }
    }
    return MAPPER.writeValueAsString(json);
  }

  /// What [#logprobs] wrote.
  static List<TokenLogprob> logprobs(String json) {
    return MAPPER
        .readTree(json)
        .valueStream()
        .map(node ->
            new TokenLogprob(
                node.required("token").asString(),
                logprob(node),
                node.required("top_logprobs").valueStream().map(CanonicalRequest::other).toList()))
        .toList();
  }

  private static ChatAnswer.Alternative other(JsonNode node) {
    return new Alternative(node.required("token").asString(), logprob(node));
  }

  /// JSON has no infinity; it is written as a text.
  private static double logprob(JsonNode node) {
    JsonNode value = node.required("logprob");
    return value.isNumber() ? value.asDouble() : Double.parseDouble(value.asString());
  }

  private static String role(ChatTurn.Role role) {
    return role.name().toLowerCase(Locale.ROOT);
  }
}
