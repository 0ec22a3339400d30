package dev.retort.report;

/// The texts on which student and teacher differ most surely.
final class DisagreementSection {

  private static final int LONGEST = 400;

  private DisagreementSection() {}

  static void write(Markup out, RunReport report) {
    if (report.results().disagreements().isEmpty()) {
      return;
    }
    out.open("section", "class", "disagreements").element("h2", "Worst disagreements");
    out.element(
        "p", "Test rows where both models are sure and choose differently.", "class", "note");
    out.open("ol");
    report.results().disagreements().forEach(disagreement -> item(out, disagreement));
    out.close().close();
  }

  private static void item(Markup out, Disagreement disagreement) {
    out.open("li").element("blockquote", shortened(disagreement.text()), "dir", "auto");
    out.open("dl");
    out.element("dt", "label").open("dd").element("bdi", disagreement.label()).close();
    answer(out, "teacher", disagreement.teacher(), disagreement.label());
    answer(out, "student", disagreement.student(), disagreement.label());
    out.close().close();
  }

  private static void answer(Markup out, String who, Disagreement.Answer answer, String label) {
    boolean right = answer.label().equals(label);
    out.element("dt", who).open("dd", "class", right ? "right" : "wrong");
    out.element("bdi", answer.label()).text(" ");
    out.element(
        "small", Format.probability(answer.probability()) + (right ? " ✓ right" : " ✗ wrong"));
    out.close();
  }

  /// The text in at most 400 characters, never cut through a surrogate pair.
  static String shortened(String text) {
    return text.codePointCount(0, text.length()) <= LONGEST
        ? text
        : text.substring(0, text.offsetByCodePoints(0, LONGEST)) + "…";
  }
}
