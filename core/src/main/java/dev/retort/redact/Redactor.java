package dev.retort.redact;

import dev.retort.api.ChatRequest;
import dev.retort.api.ChatTurn;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/// Finds in texts what settings say must not leave the machine, and knows whether it comes back
/// into answers.
public final class Redactor {

  /// A found piece.
  ///
  /// @param name of its placeholder
  /// @param span where it is
  record Found(String name, Span span) {}

  private record Named(String name, Finder finder) {}

  private final List<Named> finders;
  private final boolean restores;

  private Redactor(List<Named> finders, boolean restores) {
    this.finders = finders;
    this.restores = restores;
  }

  /// A redactor for what `settings` name.
  public Redactor(RedactSettings settings) {
    this(finders(settings), settings.restore());
  }

  /// A redactor that finds nothing.
  public static Redactor none() {
    return new Redactor(List.of(), false);
  }

  private static List<Named> finders(RedactSettings settings) {
    List<Named> finders = new ArrayList<>();
    for (RedactKind kind : settings.kinds()) {
      kind.finders().forEach(finder -> finders.add(new Named(kind.name(), finder)));
    }
    for (CustomPattern pattern : settings.patterns()) {
      finders.add(new Named(pattern.name(), pattern.finder()));
    }
    return finders;
  }

  /// Whether the text of answers gets the originals back.
  boolean restores() {
    return restores;
  }

  /// Begins to replace in texts that belong together, such as the turns of a conversation: what is
  /// equal in them gets the same placeholder.
  public Redaction redaction(Collection<String> texts) {
    return new Redaction(this, texts);
  }

  /// Begins to replace in a request, as for [#redaction(Collection)] of all its texts.
  public Redaction redaction(ChatRequest request) {
    return redaction(texts(request));
  }

  /// All texts that leave the machine with a request.
  static List<String> texts(ChatRequest request) {
    List<String> texts = new ArrayList<>(request.turns().stream().map(ChatTurn::text).toList());
    texts.addAll(request.decoding().stop());
    request.schema().ifPresent(schema -> texts.add(schema.json()));
    return texts;
  }

  /// What is found, in the order of the text. Where finds overlap, all of them becomes one that is
  /// called as the longest is.
  ///
  /// @throws RedactionException if a pattern of the user cannot be matched in reasonable time
  List<Found> find(String text) {
    List<Found> all = new ArrayList<>();
    for (Named named : finders) {
      named.finder().find(text).forEach(span -> all.add(new Found(named.name(), span)));
    }
    all.sort(Comparator.comparingInt(found -> found.span().start()));
    List<Found> merged = new ArrayList<>();
    for (Found next : all) {
      if (!merged.isEmpty() && merged.getLast().span().end() > next.span().start()) {
        merged.add(merge(merged.removeLast(), next));
      } else {
        merged.add(next);
      }
    }
    return merged;
  }

  private static Found merge(Found one, Found other) {
    String name = other.span().length() > one.span().length() ? other.name() : one.name();
    return new Found(name, one.span().with(other.span()));
  }
}
