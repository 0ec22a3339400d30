package dev.retort.api.client;

import dev.retort.api.ChatAnswer;
import dev.retort.api.ChatAnswer.Finish;
import dev.retort.api.ChatAnswer.Usage;
import dev.retort.api.ChatRequest;
import dev.retort.api.ChatRequest.AnswerSchema;
import dev.retort.api.ChatRequest.Decoding;
import dev.retort.api.ChatTurn;
import dev.retort.api.ChatTurn.Role;
import dev.retort.api.RetryableApiException;
import dev.retort.api.wire.Endpoint;
import dev.retort.api.wire.Schemas;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.bedrockruntime.model.ContentBlock;
import software.amazon.awssdk.services.bedrockruntime.model.ConversationRole;
import software.amazon.awssdk.services.bedrockruntime.model.ConverseRequest;
import software.amazon.awssdk.services.bedrockruntime.model.ConverseResponse;
import software.amazon.awssdk.services.bedrockruntime.model.InferenceConfiguration;
import software.amazon.awssdk.services.bedrockruntime.model.Message;
import software.amazon.awssdk.services.bedrockruntime.model.StopReason;
import software.amazon.awssdk.services.bedrockruntime.model.SystemContentBlock;
import software.amazon.awssdk.services.bedrockruntime.model.TokenUsage;
import software.amazon.awssdk.services.bedrockruntime.model.Tool;
import software.amazon.awssdk.services.bedrockruntime.model.ToolChoice;
import software.amazon.awssdk.services.bedrockruntime.model.ToolConfiguration;
import software.amazon.awssdk.services.bedrockruntime.model.ToolInputSchema;

/// Requests and answers of Bedrock's Converse, which offers neither log-probabilities nor a seed;
/// an answer in a schema is what the model gives to a tool that it must use.
///
/// @param endpoint who is asked
record ConverseMessages(Endpoint endpoint) {

  private static final double DEFAULT = 1;

  ConverseRequest request(ChatRequest request) {
    ConverseRequest.Builder converse =
        ConverseRequest.builder()
            .modelId(endpoint.model())
            .messages(
                request.turns().stream()
                    .filter(turn -> turn.role() != Role.SYSTEM)
                    .map(ConverseMessages::message)
                    .toList())
            .inferenceConfig(inference(request.decoding()));
    List<SystemContentBlock> system =
        request.turns().stream()
            .filter(turn -> turn.role() == Role.SYSTEM)
            .map(turn -> SystemContentBlock.fromText(turn.text()))
            .toList();
    if (!system.isEmpty()) {
      converse.system(system);
    }
    request.schema().ifPresent(schema -> converse.toolConfig(tool(schema)));
    return converse.build();
  }

  ChatAnswer answer(ConverseResponse response) {
    List<ContentBlock> blocks = blocks(response);
    Optional<String> tool =
        blocks.stream()
            .map(ContentBlock::toolUse)
            .filter(Objects::nonNull)
            .map(use -> Documents.json(use.input()).toString())
            .findFirst();
    String said =
        blocks.stream()
            .map(ContentBlock::text)
            .filter(Objects::nonNull)
            .collect(Collectors.joining());
    return new ChatAnswer(
        tool.orElse(said),
        finish(response),
        usage(response.usage()),
        endpoint.model(),
        response.responseMetadata().requestId(),
        List.of());
  }

  private List<ContentBlock> blocks(ConverseResponse response) {
    if (response.output() == null || response.output().message() == null) {
      throw malformed("output.message is missing");
    }
    return response.output().message().content();
  }

  private Finish finish(ConverseResponse response) {
    StopReason reason = response.stopReason();
    if (reason == null) {
      throw malformed("stopReason is missing");
    }
    return switch (reason) {
      case END_TURN, STOP_SEQUENCE, TOOL_USE -> Finish.STOP;
      case MAX_TOKENS, MODEL_CONTEXT_WINDOW_EXCEEDED -> Finish.LENGTH;
      case CONTENT_FILTERED, GUARDRAIL_INTERVENED -> Finish.FILTERED;
      default -> Finish.OTHER;
    };
  }

  private RetryableApiException malformed(String problem) {
    return new RetryableApiException(
        "%s sent an answer whose %s".formatted(endpoint.name(), problem), Optional.empty());
  }

  private static Message message(ChatTurn turn) {
    return Message.builder()
        .role(turn.role() == Role.USER ? ConversationRole.USER : ConversationRole.ASSISTANT)
        .content(ContentBlock.fromText(turn.text()))
        .build();
  }

  private static InferenceConfiguration inference(Decoding decoding) {
    InferenceConfiguration.Builder inference =
        InferenceConfiguration.builder().maxTokens(decoding.maxTokens());
    // Some models refuse both at once, and some refuse either.
    if (decoding.temperature() != DEFAULT) {
      inference.temperature((float) decoding.temperature());
    }
    if (decoding.topP() != DEFAULT) {
      inference.topP((float) decoding.topP());
    }
    if (!decoding.stop().isEmpty()) {
      inference.stopSequences(decoding.stop());
    }
    return inference.build();
  }

  private ToolConfiguration tool(AnswerSchema schema) {
    ToolInputSchema form =
        ToolInputSchema.fromJson(Documents.of(Schemas.parse(endpoint.name(), schema)));
    return ToolConfiguration.builder()
        .tools(
            Tool.builder()
                .toolSpec(tool ->
                    tool.name(schema.name())
                        .description(Schemas.TOOL_DESCRIPTION)
                        .inputSchema(form))
                .build())
        .toolChoice(ToolChoice.builder().tool(choice -> choice.name(schema.name())).build())
        .build();
  }

  private static Usage usage(@Nullable TokenUsage usage) {
    if (usage == null) {
      return Usage.NONE;
    }
    long read = count(usage.cacheReadInputTokens());
    long kept = count(usage.cacheWriteInputTokens());
    return new Usage(count(usage.inputTokens()) + read + kept, read, count(usage.outputTokens()));
  }

  private static long count(@Nullable Integer tokens) {
    return tokens == null ? 0 : tokens;
  }
}
