package dev.retort.app.command;

import dev.retort.api.ApiAddress;
import dev.retort.api.ChatRequest.Decoding;
import dev.retort.app.exit.UsageException;
import dev.retort.exchange.LedgerExchange;
import dev.retort.ledger.Provenance;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// As what answers of other systems count in the ledger.
final class LedgerArguments {

  @Option(
      names = "--name",
      paramLabel = "NAME",
      description =
          "With a ledger: the name of the recipe or synthesis on whose account answers are noted,"
              + " or whose answers are taken (default: all).")
  private Optional<String> name = Optional.empty();

  @Option(
      names = "--model",
      paramLabel = "ADDRESS",
      description =
          "With --to ledger: the teacher that is not to be asked again, as a recipe names it, such as"
              + " openai:URL#model; answers are found by who asks with the same --max-tokens,"
              + " --temperature and --top-p.")
  private Optional<String> model = Optional.empty();

  @Option(
      names = "--answered-by",
      paramLabel = "MODEL",
      description =
          "With --to ledger: take the answers of this model, as the files name it. Needed where"
              + " they have answers of several.")
  private Optional<String> answeredBy = Optional.empty();

  @Option(
      names = "--licence",
      paramLabel = "TEXT",
      description = "With --to ledger: what may be done with the answers; noted with each.")
  private Optional<String> licence = Optional.empty();

  @Mixin private DecodingArguments decoding = new DecodingArguments();

  /// The name that answers are noted under.
  Optional<String> name() {
    return name;
  }

  /// As what imported answers count.
  ///
  /// @throws UsageException if these arguments do not say it
  LedgerExchange.Asked asked() {
    String address = required(model, "--model", "ADDRESS");
    Provenance provenance = Provenance.of(required(name, "--name", "NAME"), "", licence.orElse(""));
    try {
      return new LedgerExchange.Asked(
          ApiAddress.parse(address).text(),
          answeredBy,
          new Decoding(decoding.maxTokens(), decoding.temperature(), decoding.topP(), 0, List.of()),
          provenance);
    } catch (IllegalArgumentException e) {
      throw new UsageException("--to ledger: " + e.getMessage(), e);
    }
  }

  /// Refuses arguments that say something about a ledger that is not written.
  ///
  /// @param read whether one is read
  /// @throws UsageException if there are any
  void requireNoneTo(boolean read) {
    if (model.isPresent() || answeredBy.isPresent() || licence.isPresent()) {
      throw new UsageException(
          "--model, --answered-by and --licence are for --to ledger; add that, or leave them out");
    }
    if (name.isPresent() && !read) {
      throw new UsageException("--name is for --from ledger or --to ledger; leave it out");
    }
  }

  private static String required(Optional<String> value, String option, String label) {
    return value.orElseThrow(
        () -> new UsageException("--to ledger needs %s %s too".formatted(option, label)));
  }
}
