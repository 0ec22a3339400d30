package dev.retort.report;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/// What the models wrote behind the same prompts, as Markdown that can be read as it is in 80
/// columns.
final class MarkdownGenerations {

  private static final int COLUMNS = 76;

  private final StringBuilder out = new StringBuilder();

  private MarkdownGenerations() {}

  /// The section with its heading.
  static String render(List<Generation> generations) {
    MarkdownGenerations markdown = new MarkdownGenerations();
    markdown.out.append("## Generations side by side\n\n");
    markdown.out.append("Test prompts, the likeliest token each time.\n\n");
    for (int i = 0; i < generations.size(); i++) {
      markdown.generation(i + 1, generations.get(i));
    }
    return markdown.out.toString();
  }

  private void generation(int number, Generation generation) {
    String why =
        switch (generation.choice()) {
          case FIRST -> "one of the first";
          case WORST -> "one of the student’s worst";
        };
    out.append("### %d. %s\n\n".formatted(number, why));
    block("Prompt", GenerationSection.end(generation.prompt()));
    block("Data", GenerationSection.beginning(generation.reference()));
    for (Generation.Text text : generation.texts()) {
      String name = MarkdownReport.escape(text.model());
      String ended = text.ended() ? "" : ", cut off";
      block(
          "%s, %s%s".formatted(name, GenerationSection.score(text), ended),
          GenerationSection.beginning(text.text()));
    }
  }

  private void block(String heading, String text) {
    out.append("**").append(heading).append("**\n\n");
    out.append(text.isBlank() ? "(nothing)" : code(text)).append("\n\n");
  }

  /// Indented code, which no text can break out of; lines are broken where they have spaces.
  private static String code(String text) {
    return text.lines()
        .flatMap(line -> broken(visible(line)).stream())
        .map(line -> "    " + line)
        .collect(Collectors.joining("\n"));
  }

  private static List<String> broken(String line) {
    List<String> lines = new ArrayList<>();
    String rest = line;
    while (rest.codePointCount(0, rest.length()) > COLUMNS) {
      int most = rest.offsetByCodePoints(0, COLUMNS);
      int space = rest.lastIndexOf(' ', most);
      int end = space > 0 ? space : most;
      lines.add(rest.substring(0, end));
      rest = rest.substring(end).stripLeading();
    }
    lines.add(rest);
    return lines;
  }

  /// Control characters, such as those that steer a terminal, as what they are not.
  private static String visible(String line) {
    return line.replace('\t', ' ').replaceAll("[\\p{Cc}\\p{Cs}]", "\ufffd");
  }
}
