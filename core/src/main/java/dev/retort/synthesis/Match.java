package dev.retort.synthesis;

import java.math.BigDecimal;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/// When two answers are the same.
public enum Match {
  /// Their texts are, but for case, white space, and quotes and punctuation around them.
  TEXT,
  /// Their last numbers are: `$1,250.00` and `1250 dollars`.
  NUMBER;

  private static final Pattern DIGITS =
      Pattern.compile("(?<![\\w.])[-−+]?\\$?(\\d{1,3}(?:,\\d{3})+|\\d+)(\\.\\d+)?|[-−+]?\\.\\d+");

  /// What equal answers have in common; empty if `answer` says nothing that could be compared.
  Optional<String> key(String answer) {
    return switch (this) {
      case TEXT ->
          Optional.of(
                  answer
                      .replaceAll("^[\\s\\p{Punct}&&[^-+$]]+|[\\s\\p{Punct}&&[^%]]+$", "")
                      .replaceAll("\\s+", " ")
                      .toLowerCase(Locale.ROOT))
              .filter(text -> !text.isEmpty());
      case NUMBER -> DIGITS.matcher(answer).results().reduce((_, last) -> last).map(Match::number);
    };
  }

  private static String number(MatchResult found) {
    String digits = found.group().replace("−", "-").replaceAll("[$,+]", "");
    return new BigDecimal(digits).stripTrailingZeros().toPlainString();
  }
}
