package dev.retort.run;

import dev.retort.data.TextBatch;
import dev.retort.model.ModelWeights;
import dev.retort.model.Pretrained;
import dev.retort.model.TextClassifier;
import dev.retort.recipe.Recipe;
import dev.retort.recipe.TeacherSettings;
import dev.retort.signal.SignalStore;
import dev.retort.teacher.StoredTeacher;
import dev.retort.train.TrainJob;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/// Gets a teacher that knows the task: one with a head as it is, one without a head fine-tuned on
/// the labels. A fine-tuned teacher is kept under the hash of all that decides it, so that later
/// runs find it ready.
///
/// @param recipe what was asked for
/// @param workspace where fine-tuned teachers are kept
/// @param runner trains
/// @param listener hears of the answers between generations of a teacher
/// @param remote what teachers behind APIs said, by name
record TeacherPhase(
    Recipe recipe,
    Workspace workspace,
    PhaseRunner runner,
    RunListener listener,
    Map<String, RemoteAnswers.Said> remote) {

  /// The teacher that the recipe calls `name`.
  ///
  /// @param pretrained its model
  /// @param data what is learnt from, in its own tokens
  ReadyTeacher get(String name, Pretrained pretrained, RunData data) throws IOException {
    TeacherSettings teacher = recipe.lineup().teacher(name);
    if (teacher.isRemote()) {
      return new RemoteTeacher(name, data, Objects.requireNonNull(remote.get(name)));
    }
    return pretrained.head().isPresent()
        ? asItIs(name, teacher, pretrained, data)
        : fineTuned(name, teacher, pretrained, data);
  }

  private static TrainedTeacher asItIs(
      String name, TeacherSettings teacher, Pretrained pretrained, RunData data)
      throws IOException {
    String base = Fingerprints.of(pretrained);
    String fingerprint =
        pretrained.labels().equals(data.labels())
            ? Fingerprints.of(base, teacher.maxLength())
            : Fingerprints.of(base, teacher.maxLength(), data.labels());
    TextClassifier model = ModelWeights.classifier(pretrained, data.labels());
    return new TrainedTeacher(name, pretrained, data, model, fingerprint, List.of());
  }

  private TrainedTeacher fineTuned(
      String name, TeacherSettings teacher, Pretrained pretrained, RunData data)
      throws IOException {
    long seed = teacher.seed().orElse(recipe.train().seed());
    FineTuning tuning =
        new FineTuning(name, teacher, seed, pretrained, Fingerprints.of(pretrained), data);
    TextClassifier first = tuning.untrained(1);
    TrainedTeacher trained = train(tuning, first, tuning.onLabels(first), 1, List.of());
    for (int generation = 2; generation <= tuning.generations(); generation++) {
      trained = bornAgain(tuning, trained, generation);
    }
    return trained;
  }

  private TrainedTeacher bornAgain(FineTuning tuning, TrainedTeacher parent, int generation)
      throws IOException {
    try (parent;
        SignalStore store =
            SignalStore.open(
                workspace.signals(), parent.fingerprint(), tuning.data().labels().size())) {
      StoredTeacher<TextBatch> answers = new StoredTeacher<>(parent.local(), store);
      Answers.ask(answers, tuning.data().train(), listener);
      TextClassifier model = tuning.untrained(generation);
      return train(
          tuning, model, tuning.after(answers, generation, model), generation, parent.fineTuning());
    }
  }

  private TrainedTeacher train(
      FineTuning tuning,
      TextClassifier model,
      TrainJob<TextBatch> job,
      int generation,
      List<TrainedPhase> before)
      throws IOException {
    Path folder = workspace.teacher(tuning.key(generation));
    List<TrainedPhase> phases = new ArrayList<>(before);
    phases.add(runner.run(job, folder));
    return new TrainedTeacher(
        tuning.name(),
        tuning.pretrained(),
        tuning.data(),
        model,
        tuning.fingerprint(PhaseRunner.weights(folder)),
        phases);
  }
}
