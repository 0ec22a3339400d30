package dev.retort.report;

import dev.retort.report.DataSummary.Balance;

/// What a run used and left behind: data, files, next steps and provenance.
final class RunSection {

  private RunSection() {}

  static void data(Markup out, RunReport report) {
    DataSummary data = report.run().data();
    if (data.splits().isEmpty()) {
      return;
    }
    out.open("section").element("h2", "Data");
    data.balance().ifPresent(balance -> out.element("p", describe(balance)));
    data.warnings().forEach(warning -> out.element("p", "⚠ " + warning, "class", "warning"));
    Tables.open(out, "Rows by split", "split", "rows", "SHA-256");
    data.splits()
        .forEach(split -> hashed(out, split.name(), Format.whole(split.rows()), split.sha256()));
    Tables.close(out);
    out.close();
  }

  static void files(Markup out, RunReport report) {
    Delivery delivery = report.delivery();
    if (!delivery.files().isEmpty()) {
      out.open("section").element("h2", "Files");
      Tables.open(out, "What the run left behind", "file", "size", "SHA-256");
      delivery
          .files()
          .forEach(file -> hashed(out, file.path(), Format.bytes(file.bytes()), file.sha256()));
      Tables.close(out);
      out.close();
    }
    if (!delivery.nextSteps().isEmpty()) {
      out.open("section", "class", "next").element("h2", "Next");
      delivery
          .nextSteps()
          .forEach(step -> out.element("p", step.purpose()).element("pre", step.command()));
      out.close();
    }
  }

  static void provenance(Markup out, RunReport report) {
    Provenance provenance = report.run().provenance();
    Environment environment = provenance.environment();
    out.open("section").element("h2", "Provenance").open("details");
    out.element("summary", "Versions, seeds, machine and durations");
    Tables.open(out, "Where these numbers come from", "", "");
    Tables.row(out, "started", provenance.timing().started().toString());
    Tables.row(out, "finished", provenance.timing().finished().toString());
    Tables.row(out, "processor", environment.processor() + ", " + environment.cores() + " cores");
    Tables.row(out, "teacher fingerprint", provenance.teacherFingerprint());
    environment.commit().ifPresent(commit -> Tables.row(out, "commit", commit));
    environment.versions().forEach((name, version) -> Tables.row(out, name, version));
    provenance.seeds().forEach((name, seed) -> Tables.row(out, "seed: " + name, seed.toString()));
    provenance
        .timing()
        .phases()
        .forEach((phase, time) -> Tables.row(out, "time: " + phase, Format.duration(time)));
    Tables.close(out);
    out.close().open("details");
    out.element("summary", "Recipe, with every default filled in");
    out.element("pre", provenance.recipe()).close().close();
  }

  /// How evenly the training rows fall into classes.
  static String describe(Balance balance) {
    String range =
        "%s to %s training rows each"
            .formatted(Format.whole(balance.smallest()), Format.whole(balance.largest()));
    String ratio =
        balance.smallest() == 0
            ? "; the smallest class has none."
            : ", a ratio of "
                + Format.rounded((double) balance.largest() / balance.smallest(), 1)
                + ".";
    return balance.classes() + " classes with " + range + ratio;
  }

  private static void hashed(Markup out, String name, String amount, String sha256) {
    out.open("tr").element("th", name, "scope", "row").element("td", amount);
    out.open("td", "class", "hash").element("code", sha256).close().close();
  }
}
