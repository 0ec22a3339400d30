package dev.retort.api;

import dev.retort.catalog.Check;
import dev.retort.catalog.Default;
import dev.retort.catalog.Doc;
import java.time.Duration;
import java.util.Optional;

/// How a model behind an API is asked. The key itself is never a setting: it stays in the
/// environment.
///
/// @param key name of the environment variable that holds the key
/// @param requestsPerMinute requests in a minute at most
/// @param tokensPerMinute tokens in a minute at most, asked and answered together
/// @param concurrency requests under way at once at most
/// @param timeoutSeconds how long one answer may take
/// @param attempts how often one request is sent at most
/// @param patienceSeconds how long one request pauses between its attempts at most, all together
/// @param streaming whether answers come in pieces
/// @param apiVersion version of Azure's API
/// @param endpoint another URL of Bedrock
public record ApiSettings(
    @Doc(
            "Name of the environment variable that holds the key. If left out, that of the vendor"
                + " at the vendor's own address, and no key for other servers.")
        Optional<String> key,
    @Doc("Requests in a minute at most; as many as come if left out.")
        Optional<Integer> requestsPerMinute,
    @Doc("Tokens in a minute at most, asked and answered together; as many as come if left out.")
        Optional<Integer> tokensPerMinute,
    @Default("16") @Doc("Requests under way at once at most.") int concurrency,
    @Default("120") @Doc("How long one answer may take, in seconds.") double timeoutSeconds,
    @Default("8") @Doc("How often one request is sent at most, when the API fails.") int attempts,
    @Default("900")
        @Doc("How long one request pauses between its attempts at most, all together, in seconds.")
        double patienceSeconds,
    @Default("false")
        @Doc(
            "Whether answers come in pieces, for servers and proxies that give up on long silence;"
                + " Bedrock's never do.")
        boolean streaming,
    @Doc("Version of Azure's API; `2024-10-21` if left out.") Optional<String> apiVersion,
    @Doc("Another URL of Bedrock, such as a VPC endpoint's.") Optional<String> endpoint) {

  /// How one is asked whose recipe says nothing about it.
  public static final ApiSettings DEFAULTS =
      new ApiSettings(
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          16,
          120,
          8,
          900,
          false,
          Optional.empty(),
          Optional.empty());

  private static final double LONGEST_SECONDS = 1e6;

  public ApiSettings {
    Check.that(
        key.isEmpty() || key.get().matches("[A-Z][A-Z0-9_]*"),
        "key",
        "must be the name of an environment variable, such as OPENAI_API_KEY, not the key itself");
    requestsPerMinute.ifPresent(rate -> Check.atLeast("requestsPerMinute", rate, 1));
    tokensPerMinute.ifPresent(rate -> Check.atLeast("tokensPerMinute", rate, 1));
    Check.atLeast("concurrency", concurrency, 1);
    Check.within("timeoutSeconds", timeoutSeconds, 0.001, LONGEST_SECONDS);
    Check.atLeast("attempts", attempts, 1);
    Check.within("patienceSeconds", patienceSeconds, 0, LONGEST_SECONDS);
    Check.that(
        endpoint.isEmpty() || endpoint.get().matches("https?://[^\\s/?#@]+(?:/[^\\s?#@]*)?"),
        "endpoint",
        "must be an http or https URL without user, password and query");
  }

  /// How long one answer may take.
  public Duration timeout() {
    return seconds(timeoutSeconds);
  }

  /// How long one request pauses at most.
  public Duration patience() {
    return seconds(patienceSeconds);
  }

  private static Duration seconds(double seconds) {
    return Duration.ofMillis(Math.round(1000 * seconds));
  }
}
