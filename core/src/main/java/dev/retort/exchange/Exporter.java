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

  /// Writes `records` to `file`, as JSON lines or, if its name ends with `.json`, as a JSON list.
  /// It is written aside and renamed; without a single row, it is not written at all.
  ///
  /// Answers that nobody should learn from are rejected: those that are empty, or that their
  /// teacher did not end.
  ///
  /// @throws IllegalArgumentException as [#check] does
  /// @throws IOException if the file cannot be written
  public static Exported write(Path file, ExchangeFormat format, List<ExchangeRecord> records)
      throws IOException {
    check(file, format);
    List<String> rows = new ArrayList<>();
    List<Rejected> rejected = new ArrayList<>();
    for (ExchangeRecord record : records) {
      Optional<String> reason = misfit(format, record);
      if (reason.isPresent()) {
        rejected.add(new Rejected(record.place(), reason.get()));
      } else {
        rows.add(MAPPER.writeValueAsString(row(format, record.turns())));
      }
    }
    if (!rows.isEmpty()) {
      Aside.file(file, aside -> write(aside, rows, isList(file)));
    }
    return new Exported(rows.size(), rejected);
  }

  /// Refuses a file that cannot be written: in a format that is only read, or under a name that its
  /// readers would not take. OpenAI, Bedrock and Retort read JSON lines only.
  ///
  /// @throws IllegalArgumentException which says what can be written
  public static void check(Path file, ExchangeFormat format) {
    if (!format.isWritten()) {
      throw new IllegalArgumentException(
          "%s can only be read; write openai-chat, bedrock-conversation, sharegpt or alpaca"
              .formatted(format));
    }
    boolean both = format == ExchangeFormat.SHAREGPT || format == ExchangeFormat.ALPACA;
    if (!named(file, ".jsonl") && !(both && isList(file))) {
      throw new IllegalArgumentException(
          "%s: %s is read as JSON lines%s"
              .formatted(
                  file,
                  format,
                  both ? " or a list; name the file .jsonl or .json" : "; name the file .jsonl"));
    }
  }

  private static boolean isList(Path file) {
    return named(file, ".json");
  }

  private static boolean named(Path file, String ending) {
    return file.toString().toLowerCase(Locale.ROOT).endsWith(ending);
  }

  /// What keeps a record out of a format.
  private static Optional<String> misfit(ExchangeFormat format, ExchangeRecord record) {
    return useless(record).or(() -> misplaced(format, record.turns()));
  }

  /// Why nobody should learn from a record, if so.
  private static Optional<String> useless(ExchangeRecord record) {
    if (record.answer().isEmpty()) {
      return Optional.of("does not end with an answer, so there is nothing to learn from it");
    }
    if (record.answer().get().isBlank()) {
      return Optional.of("has an answer that says nothing");
    }
    return record
        .teacher()
        .flatMap(teacher ->
            switch (teacher.finish()) {
              case STOP -> Optional.empty();
              case LENGTH -> Optional.of("was cut off at its limit of tokens");
              case REFUSED -> Optional.of("has no answer: the model declined");
              case FILTERED -> Optional.of("has no answer: a filter kept it back");
              case OTHER -> Optional.of("ended for another reason than its end");
            });
  }

  /// Which turn a format has no place for, if any.
  private static Optional<String> misplaced(ExchangeFormat format, List<ChatTurn> turns) {
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
      writer.write("\n");
      writer.write(list ? "]\n" : "");
    }
  }
}
