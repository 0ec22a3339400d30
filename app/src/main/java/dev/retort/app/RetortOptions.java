package dev.retort.app;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/// The options that all commands share.
@Command(
    name = "retort",
    synopsisSubcommandLabel = "COMMAND",
    description =
        "Distils big models into small ones: teacher, data and requirements in;"
            + " a small, proven student out.",
    optionListHeading = "%nOptions:%n",
    commandListHeading = "%nCommands:%n",
    exitCodeListHeading = "%nExit codes:%n",
    footer = {
      "",
      "Environment:",
      "  RETORT_HOME       keeps teachers and their answers (~/.cache/retort)",
      "  RETORT_JAVA_OPTS  options for the JVM, such as -Xmx8g",
      "  HF_TOKEN, HF_HOME, HF_ENDPOINT, HF_HUB_OFFLINE  as Hugging Face's clients",
      "",
      "Begin with `retort demo`, or with `retort init classification my-task`."
    })
final class RetortOptions {

  @Option(
      names = "--debug",
      scope = ScopeType.INHERIT,
      description = "Add stack traces to problems.")
  private boolean debug;

  @Option(names = "--no-color", scope = ScopeType.INHERIT, description = "Write without colours.")
  private boolean noColor;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      scope = ScopeType.INHERIT,
      description = "Show this help.")
  private boolean help;

  @Option(
      names = {"-V", "--version"},
      versionHelp = true,
      description = "Show the version.")
  private boolean version;

  /// Whether problems come with their stack traces.
  boolean debug() {
    return debug;
  }

  /// Whether colours are unwelcome.
  boolean noColor() {
    return noColor;
  }

  /// Whether help or the version is all that is wanted.
  boolean help() {
    return help || version;
  }
}
