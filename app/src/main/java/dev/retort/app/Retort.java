package dev.retort.app;

import dev.retort.app.command.CheckCommand;
import dev.retort.app.command.ConvertCommand;
import dev.retort.app.command.DemoCommand;
import dev.retort.app.command.DistillCommand;
import dev.retort.app.command.EvaluateCommand;
import dev.retort.app.command.ExportCommand;
import dev.retort.app.command.GenerateCommand;
import dev.retort.app.command.InitCommand;
import dev.retort.app.command.LabelCommand;
import dev.retort.app.command.ReferenceCommand;
import dev.retort.app.command.Subcommand;
import dev.retort.app.exit.ErrorReporter;
import dev.retort.app.exit.ExitCode;
import dev.retort.app.exit.UsageException;
import dev.retort.app.run.Session;
import dev.retort.app.terminal.Console;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Help;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/// The command line: reads arguments, runs the command that they name, and reports how it ended.
///
/// @param session what commands need from the process
public record Retort(Session session) {

  private static final int WIDEST_HELP = 100;

  /// Runs the command that `args` name. Whatever happens is told on the session's console.
  public ExitCode run(String... args) {
    RetortOptions options = new RetortOptions();
    try {
      return run(commandLine(options), options, args);
    } catch (Throwable e) { // Nothing may pass: the user is told what an Error means, too.
      ErrorReporter reporter = new ErrorReporter(chosen(options).console(), options.debug());
      return reporter.report(e, session.interruption().resume());
    }
  }

  private ExitCode run(CommandLine line, RetortOptions options, String... args) throws IOException {
    ParseResult parsed = parse(line, args);
    Object last = parsed.asCommandLineList().getLast().getCommand();
    Session chosen = chosen(options);
    if (options.help()) {
      chosen.console().print(help(line, parsed, chosen.console()));
      return ExitCode.OK;
    }
    if (last instanceof Subcommand command) {
      return command.run(chosen);
    }
    chosen.console().note(line.getUsageMessage(Ansi.OFF).stripTrailing());
    return ExitCode.RECIPE;
  }

  private ParseResult parse(CommandLine line, String... args) {
    try {
      return line.parseArgs(withHelpAsOption(args));
    } catch (ParameterException e) {
      throw new UsageException(UsageMessage.of(e, session.program()), e);
    }
  }

  /// `help distill` means `distill --help`.
  private static String[] withHelpAsOption(String... args) {
    if (args.length == 0 || !args[0].equals("help")) {
      return args;
    }
    return Stream.concat(Stream.of(args).skip(1), Stream.of("--help")).toArray(String[]::new);
  }

  private static String help(CommandLine line, ParseResult parsed, Console console) {
    StringWriter text = new StringWriter();
    PrintWriter out = new PrintWriter(text);
    line.setOut(out);
    line.setErr(out);
    line.setColorScheme(Help.defaultColorScheme(console.hasColors() ? Ansi.ON : Ansi.OFF));
    line.setUsageHelpWidth(Math.min(WIDEST_HELP, console.columns()));
    CommandLine.executeHelpRequest(parsed);
    out.flush();
    return text.toString().stripTrailing();
  }

  private Session chosen(RetortOptions options) {
    return options.noColor() ? session.withoutColors() : session;
  }

  private static CommandLine commandLine(RetortOptions options) {
    CommandLine line = new CommandLine(options);
    commands().forEach(line::addSubcommand);
    line.getCommandSpec().version(version());
    line.getCommandSpec().usageMessage().exitCodeList(exitCodes());
    return line;
  }

  private static List<Subcommand> commands() {
    return List.of(
        new DemoCommand(),
        new InitCommand(),
        new CheckCommand(),
        new LabelCommand(),
        new GenerateCommand(),
        new ConvertCommand(),
        new DistillCommand(),
        new EvaluateCommand(),
        new ExportCommand(),
        new ReferenceCommand());
  }

  private static String version() {
    Optional<String> version =
        Optional.ofNullable(Retort.class.getPackage().getImplementationVersion());
    return "Retort %s, Java %s, %s %s"
        .formatted(
            version.orElse("(not packaged)"),
            Runtime.version(),
            System.getProperty("os.name"),
            System.getProperty("os.arch"));
  }

  private static Map<String, String> exitCodes() {
    Map<String, String> codes = new LinkedHashMap<>();
    for (ExitCode code : ExitCode.values()) {
      codes.put(String.valueOf(code.code()), code.meaning());
    }
    return codes;
  }
}
