package dev.retort.redact;

import java.util.List;

/// What is kept on this machine.
public enum RedactKind {
  /// E-mail addresses.
  EMAIL,
  /// Telephone numbers with a country, or with separators.
  PHONE,
  /// Numbers of payment cards with a valid check digit.
  CARD,
  /// International bank account numbers with valid check digits.
  IBAN,
  /// Keys and tokens of services, JSON web tokens, private keys.
  KEY;

  List<Finder> finders() {
    return switch (this) {
      case EMAIL -> List.of(PatternFinder.EMAIL);
      case PHONE -> List.of(PatternFinder.PHONE);
      case CARD -> List.of(NumberFinder.CARD);
      case IBAN -> List.of(NumberFinder.IBAN);
      case KEY -> List.of(PatternFinder.KEY, new PrivateKeyFinder());
    };
  }
}
