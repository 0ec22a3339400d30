package dev.retort.run;

import dev.retort.api.ChatAnswer;
import dev.retort.api.ChatRequest;
import dev.retort.data.Example;
import dev.retort.label.Dispute;
import dev.retort.label.LabelQuestion;
import dev.retort.label.LabelledText;
import dev.retort.label.Opinion;
import dev.retort.label.Votes;
import dev.retort.ledger.Ledger;
import dev.retort.remote.RemoteModel;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;

/// What teachers behind APIs may disagree on before all of them were asked: the texts that they are
/// known to disagree on, and those that not all of them have answered.
///
/// @param ledger what they have answered
/// @param heldOut texts that nobody settles
record PossibleDisputes(Ledger ledger, Set<String> heldOut) {

  /// A teacher and what it is asked.
  record Questioned(RemoteModel model, RemoteQuestions questions) {}

  /// A text, and what each teacher that is asked about it has said, if it has.
  private record Text(Example example, SequencedMap<String, Optional<LabelledText>> said) {}

  /// One dispute for each text at most. Whoever has not answered is supposed to say a label of its
  /// own, which makes the longest question.
  List<Dispute> of(SequencedMap<String, Questioned> teachers) {
    SequencedMap<String, Text> texts = new LinkedHashMap<>();
    teachers.forEach((name, teacher) ->
        teacher.questions().asked().stream()
            .filter(example -> !heldOut.contains(example.contentKey()))
            .forEach(example ->
                texts
                    .computeIfAbsent(
                        example.contentKey(), _ -> new Text(example, new LinkedHashMap<>()))
                    .said()
                    .put(name, said(teacher, example))));
    int labels = teachers.firstEntry().getValue().questions().question().labels().size();
    return texts.values().stream().flatMap(text -> dispute(text, labels).stream()).toList();
  }

  private Optional<LabelledText> said(Questioned teacher, Example example) {
    LabelQuestion question = teacher.questions().question();
    List<Opinion> opinions = new ArrayList<>();
    for (ChatRequest request : question.requests(example)) {
      Optional<ChatAnswer> answer = teacher.model().known(request, ledger);
      if (answer.isEmpty()) {
        return Optional.empty();
      }
      opinions.add(question.reader(example).read(answer.get()));
    }
    return Optional.of(LabelledText.of(example, opinions));
  }

  private static Optional<Dispute> dispute(Text text, int labels) {
    SequencedMap<String, LabelledText> said = new LinkedHashMap<>();
    text.said()
        .forEach((name, answer) ->
            said.put(
                name,
                answer.orElseGet(() -> supposed(text.example(), said.size() % labels, labels))));
    return Dispute.of(said);
  }

  private static LabelledText supposed(Example example, int label, int labels) {
    return new LabelledText.Known(example, Votes.certain(label, labels), false);
  }
}
