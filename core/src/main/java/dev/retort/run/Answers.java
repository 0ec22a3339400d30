package dev.retort.run;

import dev.retort.data.TextBatch;
import dev.retort.data.TokenizedDataset;
import dev.retort.model.Precision;
import dev.retort.recipe.Plan;
import dev.retort.recipe.Task;
import dev.retort.recipe.TeacherSettings;
import dev.retort.signal.Need;
import dev.retort.signal.SignalStore;
import dev.retort.teacher.Combination;
import dev.retort.teacher.Member;
import dev.retort.teacher.StoredTeacher;
import dev.retort.teacher.Teacher;
import dev.retort.teacher.WithFeatures;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.function.Function;

/// What the teachers of a run say. Each has a store of its own, so that another teacher costs its
/// own pass only.
///
/// @param faculty who is asked
/// @param members each of them with its memory, by name
/// @param frozen the teachers as they compute what nobody keeps
record Answers(
    Faculty faculty,
    SequencedMap<String, StoredTeacher<TextBatch>> members,
    List<TrainedTeacher.Frozen> frozen)
    implements AutoCloseable {

  /// Opens the stores in `workspace` of what the task of `plan` compares: distributions, or
  /// embeddings.
  static Answers open(Plan plan, Faculty faculty, Workspace workspace) throws IOException {
    Need kind = plan.recipe().task() == Task.EMBEDDING ? Need.EMBEDDING : Need.DISTRIBUTION;
    Precision precision = plan.recipe().train().precision();
    boolean anew = precision != Precision.FP32 && plan.recipe().asksAnew();
    Answers answers = new Answers(faculty, new LinkedHashMap<>(), new ArrayList<>());
    try {
      for (ReadyTeacher teacher : faculty.teachers()) {
        answers.members.put(
            teacher.name(),
            new StoredTeacher<>(
                answers.teaching(teacher, anew ? Optional.of(precision) : Optional.empty()),
                SignalStore.open(workspace.signals(), teacher.fingerprint(), width(teacher, kind)),
                kind));
      }
      return answers;
    } catch (IOException | RuntimeException e) {
      answers.close();
      throw e;
    }
  }

  /// Who is asked in the student's tokens; with weights of its own in the precision `anew` for what
  /// nobody keeps, if it is there.
  private Teacher<TextBatch> teaching(ReadyTeacher teacher, Optional<Precision> anew) {
    return switch (teacher) {
      case RemoteTeacher remote -> remote.asked();
      case TrainedTeacher trained -> {
        Optional<TrainedTeacher.Frozen> other = anew.map(trained::frozen);
        other.ifPresent(frozen::add);
        yield trained.teaching(faculty.readings().student(), other);
      }
    };
  }

  private static int width(ReadyTeacher teacher, Need kind) {
    return kind == Need.EMBEDDING
        ? teacher.weights().orElseThrow().config().hiddenSize()
        : teacher.data().labels().size();
  }

  /// Asks whatever has not been answered about a part of the data, in each teacher's own tokens,
  /// and writes it down.
  ///
  /// @param part such as the training data
  void ask(Function<RunData, TokenizedDataset> part, RunListener listener) {
    for (ReadyTeacher teacher : faculty.teachers()) {
      StoredTeacher<TextBatch> member = member(teacher.name());
      ask(
          new StoredTeacher<>(teacher.asked(), member.store(), member.stored()),
          part.apply(teacher.data()),
          listener);
    }
  }

  /// Asks `teacher` whatever of `texts` it has not been asked, and writes it down.
  static void ask(StoredTeacher<TextBatch> teacher, TokenizedDataset texts, RunListener listener) {
    String phase = "%s's answers, %s".formatted(teacher.name(), texts.dataset().name());
    listener.phaseStarted(phase, texts.size(), "texts");
    teacher.answer(texts, listener::advanced);
    teacher.store().flush();
    listener.phaseEnded(phase, "%d texts".formatted(texts.size()));
  }

  /// How many answers the stores hold.
  int size() {
    return members.values().stream().mapToInt(teacher -> teacher.store().size()).sum();
  }

  /// The teacher that the student hears: the only one, or all of them as the recipe combines them,
  /// with the hidden states and attention of the one that the student is cut from. All must have
  /// been asked about the validation data.
  Teacher<TextBatch> together() {
    Optional<Combination> combination = faculty.lineup().combination();
    if (combination.isEmpty()) {
      return members.firstEntry().getValue();
    }
    List<Member<TextBatch>> weighted = new ArrayList<>();
    for (Map.Entry<String, TeacherSettings> entry : faculty.lineup().teachers().entrySet()) {
      StoredTeacher<TextBatch> teacher = member(entry.getKey());
      double quality = Scoring.accuracy(teacher, faculty.readings().student().validation());
      weighted.add(new Member<>(teacher, entry.getValue().weight(), quality));
    }
    return new WithFeatures<>(combination.get().of(weighted), member(faculty.lineup().mainName()));
  }

  /// The teacher of this name with its memory.
  StoredTeacher<TextBatch> member(String name) {
    return Objects.requireNonNull(members.get(name));
  }

  /// Writes what is still in memory; the teachers stay open.
  @Override
  public void close() {
    members.values().forEach(teacher -> teacher.store().close());
    frozen.forEach(TrainedTeacher.Frozen::close);
  }
}
