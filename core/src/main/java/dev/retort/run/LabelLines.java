package dev.retort.run;

import dev.retort.data.Example;
import dev.retort.data.Labels;
import dev.retort.label.Dispute;
import dev.retort.label.LabelledText;
import dev.retort.label.Votes;
import dev.retort.run.Arbitration.Settled;
import dev.retort.run.RemoteLabelling.Labelled;
import java.util.ArrayList;
import java.util.List;
import java.util.SequencedMap;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// The lines of a file of labels: what was said about texts, by whom, and how surely.
final class LabelLines {

  private final Labels labels;
  private final Settled settled;
  private final List<String> kept = new ArrayList<>();
  private final List<String> leftOut = new ArrayList<>();

  /// @param settled what several teachers disagree on
  LabelLines(Labels labels, Settled settled) {
    this.labels = labels;
    this.settled = settled;
  }

  /// Adds what `teacher` said about a text.
  void add(String teacher, LabelledText text) {
    (text instanceof LabelledText.Known ? kept : leftOut).add(line(teacher, text));
  }

  /// Adds one line for each text: what all teachers say, or the judge where they disagree.
  void addTogether(SequencedMap<String, Labelled> each) {
    Arbitration.byText(each).forEach(this::addTogetherAbout);
  }

  private void addTogetherAbout(SequencedMap<String, LabelledText> said) {
    Example example = said.firstEntry().getValue().example();
    List<LabelledText.Known> known =
        said.values().stream()
            .filter(LabelledText.Known.class::isInstance)
            .map(LabelledText.Known.class::cast)
            .toList();
    if (settled.verdict(example).isPresent()) {
      Votes verdict = settled.verdict(example).get();
      add(Arbitration.JUDGE, new LabelledText.Known(example, verdict, false));
    } else if (Dispute.of(said).isPresent()) {
      add(
          Arbitration.JUDGE,
          new LabelledText.Unknown(
              example, List.of("teachers disagree, and the judge gave no usable answer")));
    } else if (known.isEmpty()) {
      said.forEach(this::add);
    } else {
      Votes agreed = Votes.agreed(known.stream().map(LabelledText.Known::votes).toList());
      List<String> names =
          said.entrySet().stream()
              .filter(entry -> entry.getValue() instanceof LabelledText.Known)
              .map(entry -> entry.getKey())
              .toList();
      add(
          String.join(", ", names),
          new LabelledText.Known(example, agreed, known.getFirst().human()));
    }
  }

  private String line(String teacher, LabelledText text) {
    Example example = text.example();
    ObjectNode line = about(example);
    switch (text) {
      case LabelledText.Known(_, Votes votes, boolean human) ->
          say(line, votes).put("by", human ? example.by().orElse("data") : teacher);
      case LabelledText.Unknown(_, List<String> reasons) -> {
        line.put("by", teacher);
        reasons.forEach(line.putArray("reasons")::add);
      }
    }
    return line.toString();
  }

  private static ObjectNode about(Example example) {
    ObjectNode line = JsonMapper.shared().createObjectNode().put("text", example.text());
    example.pair().ifPresent(pair -> line.put("pair", pair));
    return line;
  }

  private ObjectNode say(ObjectNode line, Votes votes) {
    line.put("label", labels.name(votes.label()));
    line.put("confidence", votes.confidence()).put("agreement", votes.agreement());
    votes.rationale().ifPresent(why -> line.put("rationale", why));
    return line;
  }

  /// Lines of texts with a label.
  List<String> kept() {
    return List.copyOf(kept);
  }

  /// Lines of texts without one.
  List<String> leftOut() {
    return List.copyOf(leftOut);
  }

  /// Lines of texts on which teachers disagree: what each of them said, and the judge.
  List<String> disputes() {
    return settled.disputes().stream().map(this::line).toList();
  }

  private String line(Dispute dispute) {
    ObjectNode line = about(dispute.example());
    ObjectNode said = line.putObject("said");
    dispute.said().forEach((name, votes) -> say(said.putObject(name), votes));
    settled
        .verdict(dispute.example())
        .ifPresent(votes -> say(line.putObject(Arbitration.JUDGE), votes));
    return line.toString();
  }
}
