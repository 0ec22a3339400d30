package dev.retort.redact;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Finds what matches a regular expression: its group `secret`, if it has one.
///
/// The patterns of this class begin where no character of theirs stands before, and repeat only
/// bounded or possessively, so that none is tried from many places of one long word.
///
/// @param pattern what it looks like
/// @param valid what the pattern cannot tell
record PatternFinder(Pattern pattern, Predicate<String> valid) implements Finder {

  private static final String SECRET = "secret";
  private static final String LOCAL = "\\p{L}\\p{N}._%+'-";

  /// Addresses as in RFC 5321, with a domain of two labels at least.
  static final Finder EMAIL =
      of(
          "(?<![%s])[%s]{1,64}+@(?:[\\p{L}\\p{N}-]{1,63}+\\.){1,8}(?:\\p{L}{2,24}|xn--[a-z0-9-]{2,59})(?![\\p{L}\\p{N}-])"
              .formatted(LOCAL, LOCAL));

  /// Numbers of E.164 with `+` or `00`; of North America with separators; others with a trunk `0`
  /// and separators, nine digits at least.
  static final Finder PHONE =
      of(
          "(?:(?<![\\w+])\\+|(?<![\\w+.,])00)(?:[ ().\\/-]{0,2}\\d){7,15}(?!\\d)"
              + "|(?<![\\w,+/-])(?<!\\d\\.)(?:1[ .-])?(?:\\(\\d{3}\\) ?\\d{3}[ .-]\\d{4}|[2-9]\\d{2}([ .-])\\d{3}\\1\\d{4})(?![\\w-]|[.,]\\d)"
              + "|(?<![\\w,+/-])(?<!\\d\\.)\\(?0[1-9]\\d{0,3}\\)?(?:[ /-]{1,2}\\d{2,8}+){1,4}(?![\\w/-]|[.,]\\d)",
          PatternFinder::isPhone);

  /// What services give to programs: keys of OpenAI, Anthropic, AWS, GitHub, Google, Hugging Face
  /// and Slack, JSON web tokens, and whatever follows `Bearer`.
  static final Finder KEY =
      of(
          "(?<![\\w-])(?:sk-[\\w-]{20,256}|(?:AKIA|ASIA)[A-Z0-9]{16}|gh[pousr]_[A-Za-z0-9]{36,255}"
              + "|github_pat_\\w{22,255}|AIza[\\w-]{35}|hf_[A-Za-z0-9]{30,64}|xox[abeoprs]-[\\w-]{10,255}"
              + "|eyJ[\\w-]{5,8192}+\\.eyJ[\\w-]{5,8192}+\\.[\\w-]{0,8192}+)(?![\\w-])"
              + "|(?i:(?<!\\w)bearer\\s{1,4}(?=[a-z._~+/=-]{0,64}\\d)(?<secret>[\\w.~+/=-]{16,8192}+))");

  private static final Pattern DATE = Pattern.compile("\\d{2}([ /-])\\d{2}\\1(?:19|20)\\d{2}.*");
  private static final int SHORTEST_NATIONAL = 9;
  private static final int LONGEST = 15;

  private static Finder of(String pattern) {
    return of(pattern, _ -> true);
  }

  private static Finder of(String pattern, Predicate<String> valid) {
    return new PatternFinder(Pattern.compile(pattern), valid);
  }

  @Override
  public List<Span> find(String text) {
    return find(text, text);
  }

  /// Finds as [#find(String)] does, reading the text through `read`.
  List<Span> find(CharSequence read, String text) {
    List<Span> found = new ArrayList<>();
    Matcher matcher = pattern.matcher(read);
    while (matcher.find()) {
      Span span = span(matcher);
      if (span.length() > 0 && valid.test(span.of(text))) {
        found.add(span);
      }
    }
    return found;
  }

  private Span span(Matcher matcher) {
    boolean part = pattern.namedGroups().containsKey(SECRET) && matcher.start(SECRET) >= 0;
    return part
        ? new Span(matcher.start(SECRET), matcher.end(SECRET))
        : new Span(matcher.start(), matcher.end());
  }

  private static boolean isPhone(String number) {
    long digits = number.chars().filter(Character::isDigit).count();
    boolean abroad = number.startsWith("+") || number.startsWith("00");
    boolean trunk = !abroad && (number.startsWith("0") || number.startsWith("(0"));
    if (!trunk) {
      return digits <= LONGEST;
    }
    boolean date = DATE.matcher(number).matches();
    return digits >= SHORTEST_NATIONAL && digits <= LONGEST && !date;
  }
}
