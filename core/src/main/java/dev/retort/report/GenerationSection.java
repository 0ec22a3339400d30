package dev.retort.report;

/// What the models wrote behind the same prompts, side by side.
final class GenerationSection {

  /// Code points of a prompt that are shown: its end, where the question is.
  private static final int PROMPT = 600;

  /// Code points of a text that are shown.
  private static final int TEXT = 1200;

  private static final String NOTE =
      "Test prompts, the likeliest token each time: the first, and those whose text by the student is"
          + " least like the data’s.";

  private GenerationSection() {}

  static void write(Markup out, RunReport report) {
    if (report.results().generations().isEmpty()) {
      return;
    }
    out.open("section", "class", "generations").element("h2", "Generations side by side");
    out.element("p", NOTE, "class", "note").open("ol");
    report.results().generations().forEach(generation -> item(out, generation));
    out.close().close();
  }

  private static void item(Markup out, Generation generation) {
    out.open("li", "class", generation.choice() == Generation.Choice.WORST ? "worst" : "first");
    out.element("blockquote", end(generation.prompt()), "dir", "auto").open("dl");
    out.open("div").element("dt", "data");
    out.element("dd", beginning(generation.reference()), "dir", "auto").close();
    generation.texts().forEach(text -> text(out, text));
    out.close().close();
  }

  private static void text(Markup out, Generation.Text text) {
    out.open("div", "class", Svg.style(text.kind())).open("dt");
    out.text(text.model()).text(" ").element("small", score(text)).close();
    if (text.text().isEmpty()) {
      out.element("dd", "nothing", "class", "absent");
    } else {
      out.element("dd", beginning(text.text()) + (text.ended() ? "" : " …"), "dir", "auto");
    }
    out.close();
  }

  /// How like the data a text is: `ROUGE-L 52 % ✓ exact`.
  static String score(Generation.Text text) {
    String exact = text.exact().map(match -> match ? " ✓ exact" : " ✗ not exact").orElse("");
    return "ROUGE-L " + Format.rounded(100 * text.rougeL(), 0) + Format.THIN + "%" + exact;
  }

  /// The end of a prompt, never cut through a surrogate pair.
  static String end(String prompt) {
    int points = prompt.codePointCount(0, prompt.length());
    return points <= PROMPT
        ? prompt
        : "… " + prompt.substring(prompt.offsetByCodePoints(0, points - PROMPT));
  }

  /// The beginning of a text, never cut through a surrogate pair.
  static String beginning(String text) {
    return text.codePointCount(0, text.length()) <= TEXT
        ? text
        : text.substring(0, text.offsetByCodePoints(0, TEXT)) + " …";
  }
}
