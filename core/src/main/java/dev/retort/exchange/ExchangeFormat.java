package dev.retort.exchange;

import java.util.Locale;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/// How other systems write conversations, one to a row.
public enum ExchangeFormat {
  /// What OpenAI's fine-tuning reads: `{"messages": [{"role", "content"}, …]}`
  /// ([guide](https://platform.openai.com/docs/guides/supervised-fine-tuning)).
  OPENAI_CHAT,
  /// Chat completions that OpenAI or Azure stored (`store: true`), as `GET /chat/completions`
  /// [lists them](https://platform.openai.com/docs/api-reference/chat/list). The list lacks what
  /// was asked; it is expected in a field `messages`: the messages themselves, or the answer of
  /// `/chat/completions/ID/messages`
  /// ([reference](https://platform.openai.com/docs/api-reference/chat/getMessages)).
  OPENAI_STORED,
  /// Output and error files of OpenAI's Batch API: `{"custom_id", "response": {"status_code",
  /// "body"}, "error"}`
  /// ([reference](https://platform.openai.com/docs/api-reference/batch/request-output)); what was
  /// asked is in the batch's input file.
  OPENAI_BATCH,
  /// Logs of Amazon Bedrock's model invocations
  /// ([guide](https://docs.aws.amazon.com/bedrock/latest/userguide/model-invocation-logging.html)),
  /// of `Converse` and of models that are invoked with Anthropic's messages, streamed or not.
  BEDROCK_LOG,
  /// What Amazon Bedrock's fine-tuning and distillation read: `{"schemaVersion":
  /// "bedrock-conversation-2024", "system", "messages"}`
  /// ([guide](https://docs.aws.amazon.com/bedrock/latest/userguide/preparing-text-data.html)).
  BEDROCK_CONVERSATION,
  /// `{"conversations": [{"from": "human", "value": …}, …]}`, as
  /// [FastChat](https://github.com/lm-sys/FastChat) made it common.
  SHAREGPT,
  /// `{"instruction", "input", "output"}` of [Stanford
  /// Alpaca](https://github.com/tatsu-lab/stanford_alpaca), with `system` and `history` as in
  /// [LLaMA-Factory](https://github.com/hiyouga/LLaMA-Factory/blob/main/data/README.md).
  ALPACA;

  /// The format of a row, if it has the fields of one.
  static Optional<ExchangeFormat> of(JsonNode row) {
    if (row.path("schemaVersion").asString("").equals(BedrockRows.CONVERSATION)) {
      return Optional.of(BEDROCK_CONVERSATION);
    }
    if (row.has("modelId") && row.has("operation")) {
      return Optional.of(BEDROCK_LOG);
    }
    if (row.has("custom_id")) {
      return Optional.of(OPENAI_BATCH);
    }
    if (row.has("choices")) {
      return Optional.of(OPENAI_STORED);
    }
    if (row.has("conversations")) {
      return Optional.of(SHAREGPT);
    }
    if (row.has("instruction") && row.has("output")) {
      return Optional.of(ALPACA);
    }
    return row.has("messages") ? Optional.of(OPENAI_CHAT) : Optional.empty();
  }

  /// Whether other systems learn from files in this format, so that it is written too.
  public boolean isWritten() {
    return switch (this) {
      case OPENAI_CHAT, BEDROCK_CONVERSATION, SHAREGPT, ALPACA -> true;
      case OPENAI_STORED, OPENAI_BATCH, BEDROCK_LOG -> false;
    };
  }

  /// The name in messages and settings, such as `openai-chat`.
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
