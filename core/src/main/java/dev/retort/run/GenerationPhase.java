package dev.retort.run;

import dev.retort.data.SequenceBatch;
import dev.retort.data.SequenceDataset;
import dev.retort.eval.Predictions;
import dev.retort.export.CardKind;
import dev.retort.export.LanguageModelExporter;
import dev.retort.model.Network;
import dev.retort.model.Precision;
import dev.retort.model.decoder.CausalLanguageModel;
import dev.retort.model.decoder.DecoderConfig;
import dev.retort.objective.ModelShape;
import dev.retort.recipe.GenerationPlan;
import dev.retort.recipe.Recipe;
import dev.retort.signal.Need;
import dev.retort.teacher.LocalTeacher;
import dev.retort.teacher.Teacher;
import dev.retort.train.BoundTerm;
import dev.retort.train.TrainJob;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Makes a language model out of layers of its teacher, and says how it is trained: by the teacher,
/// or as a baseline by the next tokens alone.
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
  record Sequences(SequenceDataset train, SequenceDataset validation, SequenceDataset test) {

    static Sequences of(RunData texts) {
      return new Sequences(
          SequenceDataset.of(texts.train()),
          SequenceDataset.of(texts.validation()),
          SequenceDataset.of(texts.test()));
    }
  }

  @Override
  public Recipe recipe() {
    return plan.recipe();
  }

  @Override
  public CausalLanguageModel untrained() {
    return teacher.withLayers(plan.layers());
  }

  /// The teacher is asked in every step, in the precision of training.
  @Override
  public TrainJob<SequenceBatch> taught(Network<SequenceBatch> model) {
    Recipe recipe = recipe();
    boolean heard =
        recipe.terms().values().stream().anyMatch(term -> !term.objective().needs().isEmpty());
    Precision precision = recipe.train().precision();
    return job(
        StudentPhase.STUDENT,
        model,
        heard
            ? Optional.of(new LocalTeacher<>("teacher", fingerprint, asked, precision))
            : Optional.empty(),
        StudentPhase.terms(
            recipe.training().getFirst(), shape(teacher.config()), shape(plan.student())));
  }

  @Override
  public TrainJob<SequenceBatch> alone(Network<SequenceBatch> model) {
    return job(
        StudentPhase.BASELINE,
        model,
        Optional.empty(),
        List.of(new BoundTerm("cross-entropy", StudentPhase.labelTerm(recipe()), 1)));
  }

  private TrainJob<SequenceBatch> job(
      String phase,
      Network<SequenceBatch> model,
      Optional<Teacher<SequenceBatch>> whom,
      List<BoundTerm> terms) {
    return new TrainJob<>(
        phase,
        model,
        whom,
        whom.isPresent() ? Set.of(Need.DISTRIBUTION) : Set.of(),
        terms,
        sequences.train(),
        recipe().train(),
        TokenAnswers.nextAccuracy(sequences.validation(), recipe().train().precision()));
  }

  private static ModelShape shape(DecoderConfig config) {
    return new ModelShape(
        config.layers(), config.hiddenSize(), config.attention().heads(), config.vocabularySize());
  }

  @Override
  public Predictions predictions(Network<SequenceBatch> model) {
    return TokenAnswers.predictions((CausalLanguageModel) model, sequences.test(), Precision.FP32);
  }

  @Override
  public void export(Network<SequenceBatch> student, Path folder) throws IOException {
    new LanguageModelExporter((CausalLanguageModel) student, plan.teacher()).write(folder);
  }

  @Override
  public CardKind kind() {
    return CardKind.LANGUAGE_MODEL;
  }
}
