package dev.retort.run;

import dev.retort.data.SequenceBatch;
import dev.retort.data.SequenceDataset;
import dev.retort.data.TokenizedDataset;
import dev.retort.eval.Predictions;
import dev.retort.export.AdapterExporter;
import dev.retort.export.CardKind;
import dev.retort.export.LanguageModelExporter;
import dev.retort.model.Network;
import dev.retort.model.Precision;
import dev.retort.model.decoder.CausalLanguageModel;
import dev.retort.recipe.GenerationPlan;
import dev.retort.recipe.Recipe;
import dev.retort.recipe.Stage;
import dev.retort.recipe.TrainSettings;
import dev.retort.teacher.LocalTeacher;
import dev.retort.teacher.Teacher;
import dev.retort.train.BoundTerm;
import dev.retort.train.TrainJob;
import java.io.IOException;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/// Makes a language model out of its teacher, of another one or of nothing, and says how it is
/// trained: by the teacher, or as a baseline by the next tokens alone.
///
/// @param plan what was asked for
/// @param texts what is learnt from
/// @param sequences the same as sequences
/// @param fingerprint hash of all that the teacher's answers depend on
/// @param teacher who knows the language
/// @param asked the same in the precision of training
record GenerationPhase(
    GenerationPlan plan,
    RunData texts,
    Sequences sequences,
    String fingerprint,
    CausalLanguageModel teacher,
    CausalLanguageModel asked)
    implements TokenLesson<SequenceBatch> {

  /// The data in the form that is computed.
  ///
  /// @param training what is learnt from in each stage; `train` itself, if it is that
  record Sequences(
      SequenceDataset train,
      SequenceDataset validation,
      SequenceDataset test,
      List<SequenceDataset> training) {

    Sequences {
      training = List.copyOf(training);
    }

    static Sequences of(RunData texts) {
      IdentityHashMap<TokenizedDataset, SequenceDataset> made = new IdentityHashMap<>();
      texts.all().forEach(data -> made.put(data, SequenceDataset.of(data)));
      Function<TokenizedDataset, SequenceDataset> of =
          data -> Objects.requireNonNull(made.get(data));
      return new Sequences(
          of.apply(texts.train()),
          of.apply(texts.validation()),
          of.apply(texts.test()),
          texts.training().stream().map(of).toList());
    }
  }

  @Override
  public Recipe recipe() {
    return plan.recipe();
  }

  @Override
  public CausalLanguageModel untrained() throws IOException {
    return new UntrainedLanguageModel(plan, sequences.train(), teacher).get();
  }

  /// The teacher is asked in every step, in the precision of training.
  @Override
  public TrainJob<SequenceBatch> taught(int index, Network<SequenceBatch> model) {
    Stage stage = recipe().training().get(index);
    Precision precision = stage.train().precision();
    return new TrainJob<>(
        StudentStages.name(recipe(), index),
        model,
        Optional.<Teacher<SequenceBatch>>of(
                new LocalTeacher<>("teacher", fingerprint, asked, precision))
            .filter(_ -> !stage.needs().isEmpty()),
        stage.needs(),
        StudentPhase.terms(stage, plan.teacherShape(), plan.studentShape()),
        sequences.training().get(index),
        stage.train(),
        TokenAnswers.nextAccuracy(sequences.validation(), precision));
  }

  @Override
  public TrainJob<SequenceBatch> alone(Network<SequenceBatch> model) {
    TrainSettings settings = StudentPhase.aloneSettings(recipe());
    return new TrainJob<>(
        StudentPhase.BASELINE,
        model,
        Optional.empty(),
        Set.of(),
        List.of(new BoundTerm("cross-entropy", StudentPhase.labelTerm(recipe()), 1)),
        sequences.train(),
        settings,
        TokenAnswers.nextAccuracy(sequences.validation(), settings.precision()));
  }

  @Override
  public Predictions predictions(Network<SequenceBatch> model) {
    return TokenAnswers.predictions((CausalLanguageModel) model, sequences.test(), Precision.FP32);
  }

  @Override
  public void export(Network<SequenceBatch> student, RunFolder folder) throws IOException {
    CausalLanguageModel model = (CausalLanguageModel) student;
    new LanguageModelExporter(model, plan.teacher()).write(folder.student());
    if (model.adapters().isPresent() && plan.isWhole()) {
      new AdapterExporter(model, CardWriter.baseModel(recipe())).write(folder.adapter());
    }
  }

  @Override
  public CardKind kind() {
    return CardKind.LANGUAGE_MODEL;
  }
}
