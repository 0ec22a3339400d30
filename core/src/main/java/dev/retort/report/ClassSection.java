package dev.retort.report;

import dev.retort.eval.Evaluation.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;

/// F1 of each class by model, those first where the student lost most against the teacher.
final class ClassSection {

  private static final int SHOWN = 10;
  private static final int WIDTH = 200;

  private static final String NOTE =
      """
      Where the student lost most against the teacher. With few rows to a class, one row moves F1 \
      visibly: read a difference beside its row count.\
      """;

  private ClassSection() {}

  static void write(Markup out, RunReport report) {
    List<ClassRow> rows = ClassRow.of(report.results());
    if (rows.isEmpty()) {
      return;
    }
    out.open("section").element("h2", "Classes");
    out.element("p", NOTE, "class", "note");
    int shown = rows.size() <= SHOWN + 3 ? rows.size() : SHOWN;
    table(out, "F1 by class", rows.subList(0, shown), 0);
    if (shown < rows.size()) {
      out.open("details");
      out.element("summary", "The other " + (rows.size() - shown) + " classes");
      table(out, "F1 of the other classes", rows.subList(shown, rows.size()), shown);
      out.close();
    }
    out.close();
  }

  private static void table(Markup out, String caption, List<ClassRow> rows, int first) {
    List<Kind> kinds = List.copyOf(rows.getFirst().f1().keySet());
    Axis axis = axis(rows);
    List<String> headers = new ArrayList<>(List.of("class", "rows"));
    kinds.forEach(kind -> headers.add(kind.name().toLowerCase(Locale.ROOT)));
    headers.add("student − teacher");
    headers.add(axis.label(axis.low()) + " to " + axis.label(axis.high()));
    Tables.open(out, caption, headers.toArray(String[]::new));
    for (int i = 0; i < rows.size(); i++) {
      row(out, rows.get(i), axis, "class-" + (first + i));
    }
    Tables.close(out);
  }

  private static void row(Markup out, ClassRow row, Axis axis, String id) {
    Set<Kind> kinds = row.f1().keySet();
    out.open("tr").element("th", row.name(), "scope", "row", "dir", "auto");
    out.element("td", String.valueOf(row.support()));
    kinds.forEach(
        kind -> out.element("td", Format.rounded(f1(row, kind), 2), "class", Svg.style(kind)));
    out.element("td", kinds.contains(Kind.TEACHER) ? Format.signed(row.loss(), 2) : "–");
    out.open("td", "class", "picture");
    picture(out, row, axis, id);
    out.close().close();
  }

  /// A line from the teacher's F1 to the student's, with the baseline beside it.
  private static void picture(Markup out, ClassRow row, Axis axis, String id) {
    Set<Kind> kinds = row.f1().keySet();
    StringBuilder words = new StringBuilder();
    kinds.forEach(kind ->
        words
            .append(kind.name().toLowerCase(Locale.ROOT))
            .append(' ')
            .append(Format.rounded(f1(row, kind), 2))
            .append(". "));
    Svg svg =
        Svg.open(
            out, new Svg.Caption(id, "F1 of " + row.name(), words.toString().strip()), WIDTH, 18);
    svg.line(7, 9, WIDTH - 7, 9, "grid");
    if (kinds.contains(Kind.TEACHER)) {
      svg.line(x(row, Kind.TEACHER, axis), 9, x(row, Kind.STUDENT, axis), 9, "change");
    }
    Stream.of(Kind.BASELINE, Kind.TEACHER, Kind.STUDENT)
        .filter(kinds::contains)
        .forEach(kind -> svg.mark(kind, x(row, kind, axis), 9));
    svg.close();
  }

  private static double x(ClassRow row, Kind kind, Axis axis) {
    return axis.at(f1(row, kind), 7, WIDTH - 7);
  }

  /// From the lowest F1 in sight to 1.
  private static Axis axis(List<ClassRow> rows) {
    double lowest =
        rows.stream()
            .flatMap(row -> row.f1().values().stream())
            .mapToDouble(Double::doubleValue)
            .min()
            .orElse(0);
    return Axis.linear(Math.min(lowest, 0.9), 1, 4);
  }

  private static double f1(ClassRow row, Kind kind) {
    return row.f1().getOrDefault(kind, 0.0);
  }
}
