package dev.retort.api;

import java.net.URI;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/// Where a model behind an API is: a kind of API, a URL or region, and the model's name there.
public sealed interface ApiAddress permits ApiAddress.Web, ApiAddress.Bedrock {

  /// The address in the form that [#parse] reads.
  String text();

  /// The model's name at its API; for Azure that of the deployment.
  String model();

  /// Whether `text` begins as an API address does, rather than as that of a model's weights.
  static boolean recognises(String text) {
    return ApiAddressSyntax.scheme(text).isPresent();
  }

  /// Parses `openai:URL#model`, `openai-completions:URL#model`, `azure:URL#deployment`,
  /// `anthropic:URL#model`, or `bedrock:region#model-id`.
  ///
  /// @throws IllegalArgumentException when the text is none of these; the message says why
  static ApiAddress parse(String text) {
    String scheme =
        ApiAddressSyntax.scheme(text)
            .orElseThrow(() -> ApiAddressSyntax.refused(text, "names no kind of API"));
    String rest = text.substring(scheme.length() + 1);
    int hash = rest.indexOf('#');
    ApiAddressSyntax.require(hash >= 0, text, "names no model after '#'");
    String place = rest.substring(0, hash);
    String model = rest.substring(hash + 1);
    if (scheme.equals(Bedrock.SCHEME)) {
      return new Bedrock(place, model);
    }
    Kind kind = Kind.of(scheme).orElseThrow();
    return new Web(kind, ApiAddressSyntax.url(text, place), model);
  }

  /// APIs that are spoken over plain HTTP.
  enum Kind {
    /// OpenAI's chat completions, which vLLM, llama.cpp, Ollama and TGI offer as well.
    OPENAI,
    /// OpenAI's older completions of a text.
    OPENAI_COMPLETIONS,
    /// OpenAI's chat completions as Azure offers them.
    AZURE,
    /// Anthropic's messages.
    ANTHROPIC;

    /// What addresses of this kind begin with, without the colon.
    public String scheme() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    static Optional<Kind> of(String scheme) {
      return Arrays.stream(values()).filter(kind -> kind.scheme().equals(scheme)).findFirst();
    }
  }

  /// A model behind a URL.
  ///
  /// @param kind which API is spoken there
  /// @param base the URL that the API's paths are appended to, without a slash at its end
  /// @param model the model's name, or that of Azure's deployment
  record Web(Kind kind, URI base, String model) implements ApiAddress {

    public Web {
      ApiAddressSyntax.requireModel(model, kind.scheme() + ":" + base);
    }

    @Override
    public String text() {
      return "%s:%s#%s".formatted(kind.scheme(), base, model);
    }
  }

  /// A model of Amazon Bedrock.
  ///
  /// @param region AWS region, such as `us-east-1`
  /// @param model id or ARN of a model or an inference profile
  record Bedrock(String region, String model) implements ApiAddress {

    static final String SCHEME = "bedrock";

    private static final Pattern REGION = Pattern.compile("[a-z]{2,}(?:-[a-z]+)+-\\d+");

    public Bedrock {
      String start = SCHEME + ":" + region;
      ApiAddressSyntax.require(
          REGION.matcher(region).matches(),
          start,
          "names no AWS region: '%s' is not like us-east-1".formatted(region));
      ApiAddressSyntax.requireModel(model, start);
    }

    @Override
    public String text() {
      return "%s:%s#%s".formatted(SCHEME, region, model);
    }
  }
}
