package dev.retort.api;

import java.net.URI;
import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// The rules that all kinds of [ApiAddress] share.
final class ApiAddressSyntax {

  private static final Pattern SCHEME = Pattern.compile("([a-z][a-z-]+):.*");
  private static final Pattern URL = Pattern.compile("https?://[^\\s/?#@]+(?:/[^\\s?#@]*)?");
  private static final Pattern SECRET = Pattern.compile("//[^/@]*@|\\?[^#]*");

  private static final String ALLOWED =
      "; allowed are openai:URL#model, openai-completions:URL#model, azure:URL#deployment, "
          + "anthropic:URL#model, and bedrock:region#model-id";

  private ApiAddressSyntax() {}

  static Optional<String> scheme(String text) {
    Matcher matcher = SCHEME.matcher(text);
    return matcher.matches()
        ? Stream.concat(
                Arrays.stream(ApiAddress.Kind.values()).map(ApiAddress.Kind::scheme),
                Stream.of(ApiAddress.Bedrock.SCHEME))
            .filter(matcher.group(1)::equals)
            .findFirst()
        : Optional.empty();
  }

  static URI url(String text, String place) {
    require(
        URL.matcher(place).matches(),
        text,
        "has no http or https URL without user, password and query");
    String trimmed = place.replaceFirst("/+$", "");
    try {
      return URI.create(trimmed);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          message(text, "has a URL that cannot be read"), e); // its message names the character
    }
  }

  static void requireModel(String model, String start) {
    require(!model.isBlank() && model.strip().equals(model), start + "#" + model, "names no model");
  }

  static void require(boolean holds, String text, String problem) {
    if (!holds) {
      throw refused(text, problem);
    }
  }

  static IllegalArgumentException refused(String text, String problem) {
    return new IllegalArgumentException(message(text, problem));
  }

  /// A password or key that was written into the URL is not repeated.
  private static String message(String text, String problem) {
    String shown = SECRET.matcher(text).replaceAll("***");
    return "API address '" + shown + "' " + problem + ALLOWED;
  }
}
