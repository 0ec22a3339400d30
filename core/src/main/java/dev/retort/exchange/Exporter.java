package dev.retort.exchange;

import dev.retort.api.ChatTurn;
import dev.retort.api.ChatTurn.Role;
import dev.retort.io.Aside;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Writes conversations as what other systems read for fine-tuning. Only the turns are written;
/// labels, metadata and teachers have no place in these formats.
public final class Exporter {

  private static final JsonMapper MAPPER = JsonMapper.shared();

  /// What came of an export.
  ///
  /// @param written rows of the file
  /// @param rejected records that the format has no place for
  public record Exported(int written, List<Rejected> rejected) {

    public Exported {
      rejected = List.copyOf(rejected);
    }
  }

  private Exporter() {}

  /// Writes `records` to `file`: a JSON list if its name ends with `.json`, else JSON lines. It is
  /// written aside and renamed.
  ///
  /// @param format openai-chat, bedrock-conversation, sharegpt or alpaca
  /// @throws IllegalArgumentException for other formats and, since OpenAI and Bedrock read lines
  ///   only, for these with `.json`
  /// @throws IOException if the file cannot be written
  public static Exported write(Path file, ExchangeFormat format, List<ExchangeRecord> records)
      throws IOException {
    boolean list = file.toString().toLowerCase(Locale.ROOT).endsWith(".json");
    check(file, format, list);
    List<String> rows = new ArrayList<>();
    List<Rejected> rejected = new ArrayList<>();
    for (ExchangeRecord record : records) {
      Optional<String> reason = misfit(format, record.turns());
      if (reason.isPresent()) {
        rejected.add(new Rejected(record.place(), reason.get()));
      } else {
        rows.add(MAPPER.writeValueAsString(row(format, record.turns())));
      }
    }
    Aside.file(file, aside -> write(aside, rows, list));
    return new Exported(rows.size(), rejected);
  }

  private static void check(Path file, ExchangeFormat format, boolean list) {
    switch (format) {
      case OPENAI_CHAT, BEDROCK_CONVERSATION -> {
        if (list) {
          throw new IllegalArgumentException(
              "%s: %s is read as JSON lines; name the file .jsonl".formatted(file, format));
        }
      }
      case SHAREGPT, ALPACA -> {}
      case OPENAI_STORED, OPENAI_BATCH, BEDROCK_LOG ->
          throw new IllegalArgumentException(
              "%s can only be read; write openai-chat, bedrock-conversation, sharegpt or alpaca"
                  .formatted(format));
    }
  }

  /// What keeps turns out of a format.
  private static Optional<String> misfit(ExchangeFormat format, List<ChatTurn> turns) {
    if (turns.getLast().role() != Role.ASSISTANT) {
      return Optional.of("does not end with an answer, so there is nothing to learn from it");
    }
    if (format == ExchangeFormat.OPENAI_CHAT || format == ExchangeFormat.SHAREGPT) {
      return Optional.empty();
    }
    int instructions = (int) turns.stream().takeWhile(turn -> turn.role() == Role.SYSTEM).count();
    for (int i = instructions; i < turns.size(); i++) {
      Role expected = (i - instructions) % 2 == 0 ? Role.USER : Role.ASSISTANT;
      if (turns.get(i).role() != expected) {
        return Optional.of(
            "has %s as turn %d; %s needs questions and answers in turn, after instructions"
                .formatted(turns.get(i).role().name().toLowerCase(Locale.ROOT), i + 1, format));
      }
    }
    return format == ExchangeFormat.ALPACA && instructions > 1
        ? Optional.of("has %d instructions; alpaca has place for one".formatted(instructions))
        : Optional.empty();
  }

  private static ObjectNode row(ExchangeFormat format, List<ChatTurn> turns) {
    return switch (format) {
      case BEDROCK_CONVERSATION -> BedrockRows.conversation(turns);
      case SHAREGPT -> CommonRows.shareGpt(turns);
      case ALPACA -> CommonRows.alpaca(turns);
      default -> chat(turns);
    };
  }

  private static ObjectNode chat(List<ChatTurn> turns) {
    ObjectNode row = MAPPER.createObjectNode();
    ArrayNode messages = row.putArray("messages");
    for (ChatTurn turn : turns) {
      messages
          .addObject()
          .put("role", turn.role().name().toLowerCase(Locale.ROOT))
          .put("content", turn.text());
    }
    return row;
  }

  private static void write(Path file, List<String> rows, boolean list) throws IOException {
    try (BufferedWriter writer = Files.newBufferedWriter(file)) {
      String separator = list ? ",\n" : "\n";
      writer.write(list ? "[\n" : "");
      writer.write(String.join(separator, rows));
      writer.write(rows.isEmpty() ? "" : "\n");
      writer.write(list ? "]\n" : "");
    }
  }
}
