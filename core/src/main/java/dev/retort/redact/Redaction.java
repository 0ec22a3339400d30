package dev.retort.redact;

import dev.retort.api.ChatAnswer;
import dev.retort.api.ChatRequest;
import dev.retort.api.ChatRequest.AnswerSchema;
import dev.retort.api.ChatRequest.Decoding;
import dev.retort.api.ChatTurn;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Replaces pieces of texts that belong together by placeholders such as `[EMAIL_1]`, and knows
/// what they stand for.
///
/// Placeholders are numbered in the order of the texts, so equal texts get equal placeholders, in
/// every run. One that stands in the texts already is not given out.
public final class Redaction {

  private static final Pattern PLACEHOLDER = Pattern.compile("\\[[A-Z][A-Z0-9_]{0,31}_\\d{1,9}]");

  private final Redactor redactor;
  private final Set<String> taken = new HashSet<>();
  private final Map<String, String> placeholders = new HashMap<>();
  private final Map<String, String> originals = new HashMap<>();
  private final Map<String, Integer> numbers = new HashMap<>();
  private final SortedMap<String, Integer> counts = new TreeMap<>();

  Redaction(Redactor redactor, Collection<String> texts) {
    this.redactor = redactor;
    for (String text : texts) {
      PLACEHOLDER.matcher(text).results().forEach(match -> taken.add(match.group()));
    }
  }

  /// The text with placeholders.
  ///
  /// @throws RedactionException if a pattern of the user cannot be matched in reasonable time
  public String redact(String text) {
    StringBuilder redacted = new StringBuilder();
    int from = 0;
    for (Redactor.Found found : redactor.find(text)) {
      redacted.append(text, from, found.span().start());
      redacted.append(placeholder(found.name(), found.span().of(text)));
      counts.merge(found.name(), 1, Integer::sum);
      from = found.span().end();
    }
    return redacted.append(text, from, text.length()).toString();
  }

  /// The request with placeholders: in its turns, stop texts and schema.
  ///
  /// @throws RedactionException if a pattern of the user cannot be matched in reasonable time
  public ChatRequest redact(ChatRequest request) {
    List<ChatTurn> turns =
        request.turns().stream()
            .map(turn -> new ChatTurn(turn.role(), redact(turn.text())))
            .toList();
    Decoding decoding = request.decoding();
    return new ChatRequest(
        turns,
        new Decoding(
            decoding.maxTokens(),
            decoding.temperature(),
            decoding.topP(),
            decoding.topLogprobs(),
            decoding.stop().stream().map(this::redact).toList()),
        request.schema().map(schema -> new AnswerSchema(schema.name(), redact(schema.json()))),
        request.sample());
  }

  /// The text with the originals in place of the placeholders that were given out.
  public String restore(String text) {
    return PLACEHOLDER
        .matcher(text)
        .replaceAll(match ->
            Matcher.quoteReplacement(originals.getOrDefault(match.group(), match.group())));
  }

  /// The answer to the redacted request as it is heard on this machine: its text gets the originals
  /// back, if the settings say so. Log-probabilities keep the placeholders.
  public ChatAnswer heard(ChatAnswer answer) {
    return redactor.restores()
        ? new ChatAnswer(
            restore(answer.text()),
            answer.finish(),
            answer.usage(),
            answer.model(),
            answer.id(),
            answer.logprobs())
        : answer;
  }

  /// How many pieces were replaced, by the name of their placeholders.
  public SortedMap<String, Integer> counts() {
    return new TreeMap<>(counts);
  }

  private String placeholder(String name, String original) {
    return placeholders.computeIfAbsent(
        name + " " + original,
        _ -> {
          String next = next(name);
          originals.put(next, original);
          return next;
        });
  }

  private String next(String name) {
    String next;
    do {
      next = "[%s_%d]".formatted(name, numbers.merge(name, 1, Integer::sum));
    } while (taken.contains(next));
    return next;
  }
}
