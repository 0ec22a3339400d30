package dev.retort.redact;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RedactorTest {

  private static final Redactor ALL =
      new Redactor(new RedactSettings(Arrays.asList(RedactKind.values()), List.of(), false));

  /// What is between `«` and `»` is found, as one piece of this kind; nothing else is.
  @ParameterizedTest
  @ValueSource(
      strings = {
        "Write to «jane.doe+news@mail.example.co.uk».",
        "<«o'brien_1@x-y.io»>, mailto:«a@b.de»?subject=Hi",
        "«jörg@müller.de» and «x@xn--80ak6aa92e.xn--p1ai»"
      })
  void findsEmails(String text) {
    assertFinds("EMAIL", text);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Call «+49 30 1234567» or «+1 (555) 123-4567».",
        "Tel.«+442079460958», «0041 44 668 18 00»",
        "(«(555) 123-4567») «555-123-4567» «555.123.4567» «1-800-555-0199»",
        "«030 1234567» / «0171-12345678», «020 7946 0958», «(089) 1234 5678»"
      })
  void findsPhones(String text) {
    assertFinds("PHONE", text);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Visa «4111 1111 1111 1111» 12/27 737, MC «5555-5555-5555-4444»",
        "amex:«378282246310005»; «6011111111111117»",
        "12 «4222222222222», then «4111 1111 1111 1111» 12"
      })
  void findsCards(String text) {
    assertFinds("CARD", text);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "IBAN «DE89 3704 0044 0532 0130 00», BIC COBADEFFXXX",
        "«GB82WEST12345698765432» and «no9386011117947»",
        "to «BE68 5390 0754 7034» PAID NOW"
      })
  void findsBankAccounts(String text) {
    assertFinds("IBAN", text);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "key=«sk-proj-abcdefghijklmnopqrstuvwx_yz-0123456789»",
        "\"«AKIAIOSFODNN7EXAMPLE»\"",
        "«ghp_0123456789abcdefghijklmnopqrstuvwxyz»",
        "curl -H 'Authorization: Bearer «0a1b2c3d4e5f6a7b8c9d==»'",
        "token «eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.c2lnbmF0dXJl»!",
        "«-----BEGIN RSA PRIVATE KEY-----\nMIIEow\n-----END RSA PRIVATE KEY-----»\n.",
        "«-----BEGIN PRIVATE KEY-----\nMIIEowcut off»"
      })
  void findsKeys(String text) {
    assertFinds("KEY", text);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "user@localhost, @handle, a@b, foo@bar..com, 3 @ 4.50",
        "2024-01-15, 01-02-2024, 01/02/2024 10:30, 12/31/2024, 15.01.2024",
        "192.168.100.200, 3.14159265358979, 1,234,567.00, v1.2.3, 1990-2020",
        "order 1234567890, +1.5 %, 10-12 pm, 00:30, 007, ISBN 978-3-16-148410-0",
        "4111 1111 1111 1112 (wrong check digit), 411111111111, 41111111111111111111111",
        "9111111111111111 and 0000000000000000 are no cards",
        "GB83 WEST 1234 5698 7654 32 (wrong), DE89, AB12, 12DE89370400440532013000",
        "sk-short, AKIA1234, ghp_short, xAKIAIOSFODNN7EXAMPLE, a bearer of good news",
        "bearer instruments-and-certificates, eyJhbGciOi.short",
        "-----BEGIN CERTIFICATE-----\nMIIEow\n-----END CERTIFICATE-----"
      })
  void leavesEverythingElse(String text) {
    assertThat(redact(ALL, text)).isEqualTo(text);
  }

  @Test
  void whatIsEqualHasOnePlaceholderInAllTextsThatBelongTogether() {
    List<String> texts = List.of("a@x.de, b@x.de", "b@x.de +49 30 1234567 a@x.de");
    Redaction redaction = ALL.redaction(texts);

    assertThat(texts.stream().map(redaction::redact))
        .containsExactly("[EMAIL_1], [EMAIL_2]", "[EMAIL_2] [PHONE_1] [EMAIL_1]");
    assertThat(redaction.counts()).hasToString("{EMAIL=4, PHONE=1}");
    assertThat(redaction.restore("Ask [EMAIL_2], not [EMAIL_3] or [PHONE_1]."))
        .isEqualTo("Ask b@x.de, not [EMAIL_3] or +49 30 1234567.");
  }

  @Test
  void aPlaceholderThatIsInTheTextIsNotGivenOut() {
    Redaction redaction = ALL.redaction(List.of("[EMAIL_1] is a@x.de", "[EMAIL_2]"));

    assertThat(redaction.redact("[EMAIL_1] is a@x.de")).isEqualTo("[EMAIL_1] is [EMAIL_3]");
    assertThat(redaction.restore("[EMAIL_1], [EMAIL_3]")).isEqualTo("[EMAIL_1], a@x.de");
  }

  @Test
  void originalsWithSignsOfReplacementsAreRestored() {
    Redactor custom = custom(new CustomPattern("PRICE", "\\$\\d+\\\\?"));
    Redaction redaction = custom.redaction(List.of());

    assertThat(redaction.restore(redaction.redact("$1\\ $2"))).isEqualTo("$1\\ $2");
  }

  @Test
  void overlappingFindsBecomeOne() {
    Redactor custom =
        custom(
            new CustomPattern("NUMBER", "\\d+"),
            new CustomPattern("CODE", "AB-\\d{3}"),
            new CustomPattern("TAIL", "\\d-Z+"));

    assertThat(redact(custom, "AB-123-ZZ 7")).isEqualTo("[CODE_1] [NUMBER_1]");
  }

  @Test
  void onlyTheSecretOfAPatternIsReplaced() {
    Redactor custom = custom(new CustomPattern("CUSTOMER", "customer (?<secret>\\d+)"));

    assertThat(redact(custom, "customer 4711 of 12")).isEqualTo("customer [CUSTOMER_1] of 12");
  }

  @Test
  void patternsAreCheckedWhenTheyAreRead() {
    assertThatThrownBy(() -> new CustomPattern("CUSTOMER", "(\\d+"))
        .hasMessage("pattern is no regular expression: Unclosed group at position 4");
    assertThatThrownBy(() -> new CustomPattern("customer", "\\d+"))
        .hasMessageStartingWith("name must be 1 to 32 capitals");
  }

  @Test
  void aPatternThatBacktracksWithoutEndIsRefused() {
    Redactor custom = custom(new CustomPattern("SLOW", "(x+x+)+y"));

    assertThatThrownBy(() -> redact(custom, "x".repeat(5000)))
        .isInstanceOf(RedactionException.class)
        .hasMessageStartingWith("pattern SLOW read every character of a text of 5000 characters");
  }

  @Test
  void aPatternThatRecursesTooDeepIsRefused() {
    Redactor custom = custom(new CustomPattern("DEEP", "(?:a|b)+c"));

    assertThatThrownBy(() -> redact(custom, "ab".repeat(100_000)))
        .isInstanceOf(RedactionException.class)
        .hasMessageStartingWith("pattern DEEP needs too much stack");
  }

  /// A megabyte of what the patterns begin with, each character of which may be read 200 times.
  @ParameterizedTest
  @ValueSource(
      strings = {
        "a",
        "a.",
        "a@",
        "a@a.",
        "1",
        "1 ",
        "4111-",
        "+1 (",
        "0049 ",
        "DE89 ",
        "A1",
        "sk-",
        "eyJ",
        "eyJabcdef.",
        "Bearer a",
        "ghp_",
        "-----BEGIN RSA PRIVATE KEY-----",
        "-----END "
      })
  void aMegabyteIsReadInProportion(String part) {
    String text = part.repeat(1_000_000 / part.length());

    for (RedactKind kind : RedactKind.values()) {
      for (Finder finder : kind.finders()) {
        List<Span> found =
            finder instanceof PatternFinder pattern
                ? MeteredText.find(kind.name(), pattern, text)
                : finder.find(text);
        assertThat(found).allMatch(span -> span.length() > 0);
      }
    }
  }

  private static void assertFinds(String kind, String marked) {
    String text = marked.replaceAll("[«»]", "");
    Redaction redaction = ALL.redaction(List.of(text));
    String redacted = redaction.redact(text);

    String expected = marked;
    for (int number = 1; expected.contains("«"); number++) {
      String piece = expected.substring(expected.indexOf('«'), expected.indexOf('»') + 1);
      expected = expected.replace(piece, "[%s_%d]".formatted(kind, number));
    }
    assertThat(redacted).isEqualTo(expected);
    assertThat(redaction.restore(redacted)).isEqualTo(text);
  }

  private static String redact(Redactor redactor, String text) {
    return redactor.redaction(List.of(text)).redact(text);
  }

  private static Redactor custom(CustomPattern... patterns) {
    return new Redactor(new RedactSettings(List.of(), List.of(patterns), false));
  }
}
