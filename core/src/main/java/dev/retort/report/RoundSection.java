package dev.retort.report;

import java.util.List;
import java.util.Locale;

/// What each round of asking and training brought.
final class RoundSection {

  private static final String NOTE =
      """
      In every round the teacher was asked about more texts and the student trained anew. \
      Accuracy is that on the validation data; the last round's student is the one measured above.\
      """;

  private RoundSection() {}

  static void write(Markup out, RunReport report) {
    if (report.run().rounds().isEmpty()) {
      return;
    }
    out.open("section").element("h2", "Rounds");
    out.element("p", NOTE, "class", "note");
    Tables.open(out, "Rounds", "round", "texts chosen by", "labelled", "asked", "accuracy", "paid");
    for (Round round : report.run().rounds()) {
      List<String> cells = cells(round);
      Tables.row(out, cells.getFirst(), cells.subList(1, cells.size()).toArray(String[]::new));
    }
    Tables.close(out);
    out.close();
  }

  /// What a table says of a round.
  static List<String> cells(Round round) {
    return List.of(
        String.valueOf(round.number()),
        round.chosenBy(),
        count(round.labelled()),
        count(round.asked()),
        String.format(Locale.ROOT, "%.2f %%", 100 * round.accuracy()),
        round.paid());
  }

  private static String count(int number) {
    return String.format(Locale.ROOT, "%,d", number);
  }
}
