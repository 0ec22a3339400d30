package dev.retort.redact;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Finds private keys in PEM (RFC 7468). One whose end is cut off reaches to the end of the text.
record PrivateKeyFinder() implements Finder {

  private static final Pattern BEGIN =
      Pattern.compile("-----BEGIN (?:[A-Z0-9]{1,20} ){0,3}PRIVATE KEY(?: BLOCK)?-----");
  private static final Pattern END =
      Pattern.compile("-----END (?:[A-Z0-9]{1,20} ){0,3}PRIVATE KEY(?: BLOCK)?-----");

  @Override
  public List<Span> find(String text) {
    List<Span> found = new ArrayList<>();
    Matcher begin = BEGIN.matcher(text);
    Matcher end = END.matcher(text);
    int from = 0;
    while (begin.find(from)) {
      from = end.find(begin.end()) ? end.end() : text.length();
      found.add(new Span(begin.start(), from));
    }
    return found;
  }
}
