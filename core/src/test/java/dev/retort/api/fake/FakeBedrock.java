package dev.retort.api.fake;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import mockwebserver3.RecordedRequest;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Bedrock's Converse.
record FakeBedrock() implements FakeWire {

  private static final Pattern PATH = Pattern.compile("/model/([^/]+)/converse");

  @Override
  public boolean serves(String path) {
    return PATH.matcher(path).matches();
  }

  @Override
  public boolean admits(RecordedRequest request) {
    return String.valueOf(request.getHeaders().get("Authorization"))
        .startsWith("AWS4-HMAC-SHA256 Credential=" + FakeApi.AWS_KEY_ID + "/");
  }

  @Override
  public FakeQuestion read(String path, JsonNode body) {
    Matcher matcher = PATH.matcher(path);
    String model = matcher.matches() ? matcher.group(1) : "";
    return new FakeQuestion(
        URLDecoder.decode(model, StandardCharsets.UTF_8),
        Stream.concat(
                body.path("system").valueStream(),
                body.path("messages")
                    .valueStream()
                    .flatMap(turn -> turn.path("content").valueStream()))
            .map(block -> block.path("text").asString())
            .toList(),
        body.path("inferenceConfig").path("maxTokens").asInt(),
        Optional.empty(),
        body.path("toolConfig").path("toolChoice").path("tool").path("name").stringValueOpt(),
        false,
        false);
  }

  @Override
  public ObjectNode whole(FakeQuestion question, FakeReply reply) {
    ObjectNode whole = FakeOpenAi.object();
    ObjectNode message = whole.putObject("output").putObject("message").put("role", "assistant");
    ObjectNode block = message.putArray("content").addObject();
    if (question.schema().isPresent()) {
      block
          .putObject("toolUse")
          .put("toolUseId", "tool-1")
          .put("name", question.schema().get())
          .set("input", JsonMapper.shared().readTree(reply.text()));
    } else {
      block.put("text", reply.text());
    }
    whole.put("stopReason", stopReason(question, reply));
    whole
        .putObject("usage")
        .put("inputTokens", reply.inputTokens())
        .put("outputTokens", reply.tokens().size())
        .put("totalTokens", reply.inputTokens() + reply.tokens().size());
    whole.putObject("metrics").put("latencyMs", 1);
    return whole;
  }

  @Override
  public List<String> events(FakeQuestion question, FakeReply reply) {
    throw new IllegalStateException("Converse streams in another way");
  }

  @Override
  public Optional<String> eventName(String data) {
    return Optional.empty();
  }

  @Override
  public FakeError error(Fault fault) {
    return switch (fault) {
      case RATE_LIMIT -> error(429, "ThrottlingException", "Too many requests");
      case OVERLOADED -> error(503, "ServiceUnavailableException", "Try again");
      case BAD_KEY -> error(403, "UnrecognizedClientException", "The security token is invalid");
      case NO_CREDIT -> error(400, "ServiceQuotaExceededException", "Quota exceeded");
      case BAD_REQUEST -> error(400, "ValidationException", "Malformed input request");
      case UNKNOWN_MODEL ->
          error(400, "ValidationException", "The provided model identifier is invalid.");
      default -> error(500, "InternalServerException", "Internal failure");
    };
  }

  private static FakeError error(int status, String type, String message) {
    return new FakeError(status, FakeOpenAi.object().put("message", message), Optional.of(type));
  }

  private static String stopReason(FakeQuestion question, FakeReply reply) {
    return switch (reply.finish()) {
      case STOP -> question.schema().isPresent() ? "tool_use" : "end_turn";
      case LENGTH -> "max_tokens";
      case FILTERED, REFUSED -> "content_filtered";
    };
  }
}
