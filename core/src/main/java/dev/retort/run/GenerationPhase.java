package dev.retort.run;

import dev.retort.data.BatchSource;
import dev.retort.data.Finding;
import dev.retort.data.PreferenceDataset;
import dev.retort.data.SequenceBatch;
import dev.retort.data.SequenceDataset;
import dev.retort.data.Target;
import dev.retort.data.TokenizedDataset;
import dev.retort.eval.Bootstrap;
import dev.retort.eval.Evaluation.Kind;
import dev.retort.eval.Measured;
import dev.retort.eval.Metric;
import dev.retort.eval.Predictions;
import dev.retort.export.AdapterExporter;
import dev.retort.export.CardKind;
import dev.retort.export.LanguageModelExporter;
import dev.retort.model.Network;
import dev.retort.model.Precision;
import dev.retort.model.decoder.CausalLanguageModel;
import dev.retort.model.decoder.PretrainedDecoder;
import dev.retort.objective.AnswerObjective;
import dev.retort.policy.Author;
import dev.retort.policy.Generations;
import dev.retort.policy.OnPolicyTexts;
import dev.retort.recipe.GenerationPlan;
import dev.retort.recipe.Recipe;
import dev.retort.recipe.Stage;
import dev.retort.recipe.TrainSettings;
import dev.retort.report.Results;
import dev.retort.run.GenerationReporting.Writer;
import dev.retort.runtime.Tokenizer;
import dev.retort.train.BoundTerm;
import dev.retort.train.TrainJob;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
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
/// @param others how the teacher reads the same, if in other tokens
/// @param teachers who knows the language
/// @param heard the same as the student hears it
/// @param generations where people can read what the student writes itself
record GenerationPhase(
    GenerationPlan plan,
    RunData texts,
    Sequences sequences,
    Optional<TeachersTexts> others,
    LanguageTeachers teachers,
    TokenTeacher heard,
    Generations generations)
    implements TokenLesson<SequenceBatch> {

  /// The data in the form that is computed; of preferences, the preferred answers.
  ///
  /// @param training what is learnt from in each stage; `train` itself, if it is that, or pairs of
  ///   answers
  /// @param testPairs the test data as pairs of answers, if they are preferences
  record Sequences(
      SequenceDataset train,
      SequenceDataset validation,
      TestTexts test,
      List<BatchSource<SequenceBatch>> training,
      Optional<PreferenceDataset> testPairs) {

    Sequences {
      training = List.copyOf(training);
    }

    /// @param teachers how the teacher reads the same texts, if in other tokens; it can be asked
    ///   about those alone that leave it something to predict
    static Sequences of(
        GenerationPlan plan,
        RunData texts,
        Optional<RunData> rejected,
        Optional<TeachersTexts> teachers)
        throws IOException {
      Recipe recipe = plan.recipe();
      IdentityHashMap<TokenizedDataset, SequenceDataset> made = new IdentityHashMap<>();
      for (TokenizedDataset data : texts.all()) {
        SequenceDataset all = SequenceDataset.of(data);
        boolean learnt = data == texts.train() || texts.training().contains(data);
        made.put(data, learnt ? teachers.map(other -> other.readable(all)).orElse(all) : all);
      }
      Function<TokenizedDataset, SequenceDataset> of =
          data -> Objects.requireNonNull(made.get(data));
      List<BatchSource<SequenceBatch>> training = new ArrayList<>();
      for (int stage = 0; stage < texts.training().size(); stage++) {
        TokenizedDataset data = texts.training().get(stage);
        training.add(
            comparesAnswers(recipe.training().get(stage))
                ? PreferenceDataset.of(data, rejected.orElseThrow().training().get(stage))
                : of.apply(data));
      }
      return new Sequences(
          of.apply(texts.train()),
          of.apply(texts.validation()),
          TestTexts.of(plan.reader(), texts.test()),
          training,
          rejected.map(others -> PreferenceDataset.of(texts.test(), others.test())));
    }

    /// The same data, in which `reasons` for the answers of `texts` are learnt too, if there are
    /// any. What is held out asks for answers alone, as does the baseline.
    Sequences with(RunData texts, Optional<RunData> reasons) {
      if (reasons.isEmpty()) {
        return this;
      }
      List<BatchSource<SequenceBatch>> both = new ArrayList<>();
      for (int stage = 0; stage < training.size(); stage++) {
        both.add(
            SequenceDataset.of(texts.training().get(stage))
                .and(
                    SequenceDataset.of(reasons.get().training().get(stage))
                        .saying(Target.RATIONALE)));
      }
      return new Sequences(train, validation, test, both, testPairs);
    }

    private static boolean comparesAnswers(Stage stage) {
      return stage.objective().stream()
          .anyMatch(term -> term.objective() instanceof AnswerObjective);
    }
  }

  @Override
  public Recipe recipe() {
    return plan.recipe();
  }

  @Override
  public String fingerprint() {
    return heard.fingerprint();
  }

  @Override
  public CausalLanguageModel untrained() throws IOException {
    return new UntrainedLanguageModel(plan, sequences.train(), teachers.main()).get();
  }

  @Override
  public TrainJob<SequenceBatch> taught(int index, Network<SequenceBatch> model) {
    Stage stage = recipe().training().get(index);
    TrainJob<SequenceBatch> job =
        new TrainJob<>(
            StudentStages.name(recipe(), index),
            model,
            heard.in(stage).map(who -> others.map(read -> read.asked(who)).orElse(who)),
            stage.needs(),
            StudentPhase.terms(stage, plan.teacherShape(), plan.studentShape()),
            sequences.training().get(index),
            stage.train(),
            TokenAnswers.nextAccuracy(sequences.validation(), stage.train().precision()));
    return withOwnTexts(job);
  }

  /// `job`, in which the student also learns from what it writes, if the recipe wants that.
  private TrainJob<SequenceBatch> withOwnTexts(TrainJob<SequenceBatch> job) {
    Author author =
        new Author(
            (CausalLanguageModel) job.student(),
            job.settings().precision(),
            Set.copyOf(plan.reader().endIds()));
    return job.settings()
        .onPolicy()
        .map(policy ->
            job.with(new OnPolicyTexts(author, policy, job.settings().batchTokens(), generations)))
        .orElse(job);
  }

  /// The same lesson, of whose texts `findings` were noticed too.
  GenerationPhase noting(List<Finding> findings) {
    return new GenerationPhase(
        plan, texts.noting(findings), sequences, others, teachers, heard, generations);
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
    return sequences.test().predictions((CausalLanguageModel) model);
  }

  @Override
  public List<Heard> ofTeachers() throws IOException {
    return teachers.heard(teachersTest().sequences());
  }

  @Override
  public boolean sharesTokens() {
    return plan.sharedTokens();
  }

  @Override
  public Map<Metric, Measured> ofTexts(Kind kind, Predictions predictions, Bootstrap bootstrap)
      throws IOException {
    TestTexts asked = kind == Kind.TEACHER ? teachersTest() : sequences.test();
    return asked.bitsPerByte(predictions, bootstrap);
  }

  /// The test data as the teacher reads them.
  private TestTexts teachersTest() throws IOException {
    return others.isPresent()
        ? TestTexts.of(plan.teacher(), others.get().texts().test())
        : sequences.test();
  }

  @Override
  public void export(Network<SequenceBatch> student, RunFolder folder) throws IOException {
    CausalLanguageModel model = (CausalLanguageModel) student;
    new LanguageModelExporter(model, plan.reader()).write(folder.student());
    if (model.adapters().isPresent() && plan.isWhole()) {
      new AdapterExporter(model, CardWriter.baseModel(recipe())).write(folder.adapter());
    }
  }

  @Override
  public CardKind kind() {
    return CardKind.LANGUAGE_MODEL;
  }

  @Override
  public Results further(
      Results results, TokenStudents<SequenceBatch> trained, Path student, RunListener listener)
      throws IOException {
    List<Writer> writers = new ArrayList<>();
    try (Tokenizer tokenizer = Tokenizer.open(plan.reader().tokenizer());
        Tokenizer ofTeacher = Tokenizer.open(plan.teacher().tokenizer())) {
      Completing own = completing(plan.reader(), texts.test(), tokenizer);
      Completing theirs =
          others
              .map(other -> completing(plan.teacher(), other.texts().test(), ofTeacher))
              .orElse(own);
      Completing asked = theirs.only(own.rows());
      Completing both = own.only(theirs.rows());
      teachers
          .models()
          .forEach((name, model) ->
              writers.add(
                  new Writer(
                      name,
                      Kind.TEACHER,
                      model,
                      asked,
                      Optional.ofNullable(plan.teachers().get(name))
                          .map(PretrainedDecoder::folder))));
      writers.add(
          new Writer(
              "student", Kind.STUDENT, language(trained.student()), both, Optional.of(student)));
      trained
          .baseline()
          .ifPresent(model ->
              writers.add(
                  new Writer("baseline", Kind.BASELINE, language(model), both, Optional.empty())));
      return new GenerationReporting(
              writers,
              teachers.together(Precision.FP32),
              Optional.of(sequences.test().sequences()).filter(_ -> plan.sharedTokens()),
              Bootstrap.ofSeed(recipe().train().seed()))
          .added(preferences(results, writers), listener);
    }
  }

  private static CausalLanguageModel language(Network<SequenceBatch> model) {
    return (CausalLanguageModel) model;
  }

  private Completing completing(
      PretrainedDecoder model, TokenizedDataset test, Tokenizer tokenizer) {
    return Completing.of(
        model, test, recipe().data().hasAnswers(), recipe().writing(), new Spelling(tokenizer));
  }

  /// How often each of `writers` finds what is preferred.
  private Results preferences(Results results, List<Writer> writers) {
    if (sequences.testPairs().isEmpty()) {
      return results;
    }
    PreferenceDataset pairs = sequences.testPairs().get();
    Results measured = results;
    for (Writer writer : writers) {
      measured =
          measured.with(
              writer.name(),
              Map.of(Metric.PREFERENCE_ACCURACY, TokenAnswers.preferred(writer.model(), pairs)));
    }
    return measured;
  }
}
