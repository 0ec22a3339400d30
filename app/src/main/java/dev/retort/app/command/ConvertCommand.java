package dev.retort.app.command;

import dev.retort.app.exit.ExitCode;
import dev.retort.app.exit.UsageException;
import dev.retort.app.run.Session;
import dev.retort.app.terminal.Console;
import dev.retort.catalog.Suggestion;
import dev.retort.data.Finding;
import dev.retort.exchange.ExchangeFormat;
import dev.retort.exchange.Exporter;
import dev.retort.run.Converting;
import dev.retort.run.Converting.InFiles;
import dev.retort.run.Converting.InLedger;
import dev.retort.run.Converting.Outcome;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `retort convert`: conversations and answers of other systems, in and out.
@Command(
    name = "convert",
    description = "Turn conversations of other systems into training data.",
    footerHeading = "%n",
    footer = {
      "A recipe reads what is written with `data: {train: FILE, rows: conversations}`.",
      "",
      "  retort convert chats.json logs/*.json.gz --out train.jsonl",
      "  retort convert output.jsonl --batch-input input.jsonl --out train.jsonl",
      "  retort convert log.jsonl --to ledger --name chat --model openai:URL#model",
      "  retort convert --from ledger --to bedrock-conversation --out train.jsonl"
    })
public final class ConvertCommand implements Subcommand {

  private static final String LEDGER = "ledger";

  @Parameters(
      arity = "0..*",
      paramLabel = "INPUT",
      description = "JSON, JSON lines, or either with gzip; several become one.")
  private List<Path> inputs = new ArrayList<>();

  @Option(
      names = "--from",
      paramLabel = "FORMAT",
      description =
          "openai-chat, openai-stored, openai-batch, bedrock-log, bedrock-conversation, sharegpt or"
              + " alpaca (default: what each INPUT looks like); or ledger, without INPUT.")
  private Optional<String> from = Optional.empty();

  @Option(
      names = "--batch-input",
      paramLabel = "FILE",
      description = "What a batch of OpenAI's was asked; INPUT is what it answered.")
  private Optional<Path> batchInput = Optional.empty();

  @Option(
      names = "--to",
      paramLabel = "FORMAT",
      description =
          "openai-chat, which recipes read as well, bedrock-conversation, sharegpt, alpaca or ledger"
              + " (default: ${DEFAULT-VALUE}).")
  private String to = ExchangeFormat.OPENAI_CHAT.toString();

  @Option(names = "--out", paramLabel = "FILE", description = "The file to write.")
  private Optional<Path> out = Optional.empty();

  @Mixin private LedgerArguments ledger = new LedgerArguments();

  @Override
  public ExitCode run(Session session) throws IOException {
    Converting converting = new Converting(session.workspace());
    return to.equals(LEDGER) ? toLedger(session, converting) : toFile(session, converting);
  }

  private ExitCode toFile(Session session, Converting converting) throws IOException {
    ExchangeFormat format = format("--to", to, ExchangeFormat::isWritten);
    ledger.requireNoneTo(fromLedger());
    Path file = out.orElseThrow(() -> new UsageException("--out FILE is missing: where to write"));
    try {
      Exporter.check(file, format);
    } catch (IllegalArgumentException e) {
      throw new UsageException("--out " + e.getMessage(), e);
    }
    Converting.Source source = fromLedger() ? answers() : files();
    Outcome outcome = converting.toFile(source, file, format);
    session.console().print("%s in %s".formatted(are(outcome.taken(), "conversation"), file));
    return told(session.console(), outcome);
  }

  private ExitCode toLedger(Session session, Converting converting) throws IOException {
    if (fromLedger()) {
      throw new UsageException("--from ledger --to ledger: the answers are there already");
    }
    if (out.isPresent()) {
      throw new UsageException("--out is for files, and --to ledger writes none; leave it out");
    }
    Outcome outcome = converting.toLedger(files(), ledger.asked());
    session
        .console()
        .print(
            "%s answers are new in the ledger, and %s were there already"
                .formatted(count(outcome.taken()), count(outcome.known())));
    return told(session.console(), outcome);
  }

  private static ExitCode told(Console console, Outcome outcome) {
    if (!outcome.rejected().isEmpty()) {
      console.print(
          "%s in %s, rejected:".formatted(are(outcome.rejected().size(), "row"), outcome.apart()));
      outcome.shown().forEach(rejected -> console.print("  " + rejected));
    }
    return ExitCode.OK;
  }

  private boolean fromLedger() {
    return from.equals(Optional.of(LEDGER));
  }

  private InLedger answers() {
    if (!inputs.isEmpty() || batchInput.isPresent()) {
      throw new UsageException(
          "--from ledger reads the ledger in RETORT_HOME; leave INPUT and --batch-input out");
    }
    return new InLedger(ledger.name());
  }

  private InFiles files() {
    if (inputs.isEmpty()) {
      throw new UsageException("INPUT is missing: name files to read, or give --from ledger");
    }
    Optional<ExchangeFormat> format = from.map(name -> format("--from", name, _ -> true));
    if (batchInput.isPresent()
        && format.filter(named -> named != ExchangeFormat.OPENAI_BATCH).isPresent()) {
      throw new UsageException(
          "--batch-input is for --from openai-batch, not %s; leave one out".formatted(from.get()));
    }
    return new InFiles(inputs, format, batchInput);
  }

  private static ExchangeFormat format(
      String option, String name, Predicate<ExchangeFormat> allowed) {
    List<ExchangeFormat> formats = Stream.of(ExchangeFormat.values()).filter(allowed).toList();
    return formats.stream()
        .filter(format -> format.toString().equals(name))
        .findFirst()
        .orElseThrow(() -> {
          List<String> names =
              Stream.concat(formats.stream().map(ExchangeFormat::toString), Stream.of(LEDGER))
                  .toList();
          return new UsageException(
              "%s %s: there are %s%s"
                  .formatted(
                      option, name, String.join(", ", names), Suggestion.suffix(name, names)));
        });
  }

  private static String are(int count, String noun) {
    return Finding.count(count, noun) + (count == 1 ? " is" : " are");
  }

  private static String count(int number) {
    return String.format(Locale.ROOT, "%,d", number);
  }
}
