package dev.retort.redact;

import dev.retort.catalog.Check;
import dev.retort.catalog.Default;
import dev.retort.catalog.Doc;
import java.util.List;

/// The `redact:` section of a teacher behind an API: what is replaced before it is asked.
///
/// @param kinds what is looked for
/// @param patterns what else is looked for
/// @param restore whether answers get the originals back
public record RedactSettings(
    @Default("[email, phone, card, iban, key]") @Doc("What is replaced by placeholders.")
        List<RedactKind> kinds,
    @Default("[]") @Doc("What else is replaced.") List<CustomPattern> patterns,
    @Default("false")
        @Doc("Whether placeholders in answers are replaced by the originals on this machine.")
        boolean restore) {

  public RedactSettings {
    kinds = List.copyOf(kinds);
    patterns = List.copyOf(patterns);
    Check.that(
        !kinds.isEmpty() || !patterns.isEmpty(),
        "kinds",
        "must not be empty without patterns; leave out the section to send texts as they are");
  }
}
