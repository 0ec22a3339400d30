package dev.retort.app;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/// Words for a command line that cannot be read.
final class UsageMessage {

  private UsageMessage() {}

  /// What is wrong, what was probably meant, and where help is.
  static String of(ParameterException e, String program) {
    CommandLine command = e.getCommandLine();
    String name = command.getCommandSpec().qualifiedName().replaceFirst("^retort", program);
    return problem(e, command) + "\nTry: " + name + " --help";
  }

  private static String problem(ParameterException e, CommandLine command) {
    if (!(e instanceof UnmatchedArgumentException unmatched)) {
      String message = String.valueOf(e.getMessage());
      return message.substring(0, 1).toLowerCase(Locale.ROOT) + message.substring(1);
    }
    String word = unmatched.getUnmatched().getFirst();
    String problem =
        unmatched.isUnknownOption()
            ? "there is no option '%s'"
            : command.getSubcommands().isEmpty()
                ? "'%s' is an argument too many"
                : "there is no command '%s'";
    return problem.formatted(word) + suggestion(unmatched.getSuggestions());
  }

  private static String suggestion(List<String> names) {
    return names.isEmpty()
        ? ""
        : names.stream().collect(Collectors.joining("' or '", "; did you mean '", "'?"));
  }
}
