package dev.retort.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.retort.data.SequenceBatch;
import dev.retort.data.SequenceDataset;
import dev.retort.data.TokenSequence;
import dev.retort.model.ForwardMode;
import dev.retort.model.NetworkOutput;
import dev.retort.model.Precision;
import dev.retort.model.decoder.CausalLanguageModel;
import dev.retort.model.decoder.DecoderConfig;
import dev.retort.model.decoder.DecoderNames;
import dev.retort.model.decoder.DecoderWeights;
import dev.retort.model.decoder.GoldenDecoders;
import dev.retort.model.decoder.Llama;
import dev.retort.objective.CrossEntropy;
import dev.retort.objective.ForwardKl;
import dev.retort.objective.HiddenCosine;
import dev.retort.objective.HiddenMse;
import dev.retort.objective.LayerMap;
import dev.retort.objective.Layers;
import dev.retort.objective.ModelShape;
import dev.retort.objective.PeakMemory;
import dev.retort.objective.ReverseKl;
import dev.retort.recipe.Source;
import dev.retort.recipe.Term;
import dev.retort.signal.Need;
import dev.retort.signal.Signals;
import dev.retort.teacher.LocalTeacher;
import dev.retort.teacher.Question;
import dev.retort.tensor.Gradients;
import dev.retort.tensor.Scope;
import dev.retort.tensor.Workers;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.SequencedMap;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

/// Language models under the trainer that classifiers have, with a head that is never computed for
/// all rows at once.
class LanguageModelTrainingTest {

  static final SequenceDataset DATA = data(40, 3);
  static final List<BoundTerm> TERMS =
      List.of(
          new BoundTerm("forward-kl", new ForwardKl(2), 0.6),
          new BoundTerm("cross-entropy", new CrossEntropy(0.1), 0.4),
          new BoundTerm("reverse-kl", new ReverseKl(1), 0.5));

  static final List<BoundTerm> KL = List.of(new BoundTerm("forward-kl", new ForwardKl(1), 1));

  @TempDir Path folder;

  /// `gpt2` shares its token embedding with the head, `llama` does not.
  @ParameterizedTest
  @ValueSource(strings = {"gpt2", "llama"})
  void theGradientIsThatOfAllLogitsAtOnce(String family) throws IOException {
    Losses losses = new Losses(TERMS);
    SequenceBatch batch = DATA.batch(0, 1, 2, 3);
    long[] counts = losses.counts(List.of(batch));
    try (CausalLanguageModel teacher = GoldenDecoders.model(family);
        CausalLanguageModel student = teacher.withLayers(List.of(0, 2))) {
      Question<SequenceBatch> question = new Question<>(DATA, batch);
      LocalTeacher<SequenceBatch> asked = teacher(teacher);
      SequencedMap<String, Double> means;
      SequencedMap<String, Double> plainMeans;
      try (Scope _ = Scope.open()) {
        Map<Source, Signals> heard = heard(asked.ask(question, Set.of(Need.DISTRIBUTION)));
        means =
            losses.backward(
                student.forward(batch, ForwardMode.EVALUATE), heard, question, counts, 1);
      }
      Map<String, float[]> chunked = taken(student);
      try (Scope _ = Scope.open()) {
        Map<Source, Signals> heard = heard(asked.ask(question, Set.of(Need.DISTRIBUTION)));
        NetworkOutput behind = student.forward(batch, ForwardMode.EVALUATE);
        NetworkOutput dense =
            new NetworkOutput(
                Optional.of(behind.head().orElseThrow().logits(behind.pooledND())),
                behind.pooledND(),
                Optional.empty());
        plainMeans = losses.backward(dense, heard, question, counts, 1);
        double[] sums = losses.sums(behind, heard, batch);
        for (int i = 0; i < sums.length; i++) {
          assertThat(sums[i] / counts[i]).isCloseTo(means.get(TERMS.get(i).name()), within(1e-4));
        }
      }
      Map<String, float[]> plain = taken(student);

      plainMeans.forEach(
          (name, mean) -> assertThat(means.get(name)).as(name).isCloseTo(mean, within(1e-4)));
      plain.forEach((name, gradient) ->
          assertThat(chunked.get(name)).as(name).containsExactly(gradient, within(1e-4f)));
      float[] ofWords = Objects.requireNonNull(chunked.get(DecoderNames.WORD));
      assertThat(ofWords).isNotEqualTo(new float[ofWords.length]);
    }
  }

  /// States of all tokens are compared, whichever texts are computed together; a model is no
  /// distance away from itself.
  @ParameterizedTest
  @ValueSource(strings = {"gpt2", "llama"})
  void hiddenStatesAreComparedTokenByToken(String family) throws IOException {
    try (CausalLanguageModel teacher = GoldenDecoders.model(family);
        CausalLanguageModel student = teacher.withLayers(List.of(0, 2))) {
      SequencedMap<String, Double> together = featureMeans(teacher, student, DATA.batch(0, 1, 2));
      double apart = 0;
      long tokens = 0;
      for (int row = 0; row < 3; row++) {
        SequenceBatch one = DATA.batch(row);
        apart += squares(featureMeans(teacher, student, one)) * one.tokens();
        tokens += one.tokens();
      }

      assertThat(squares(together)).isGreaterThan(1e-3).isCloseTo(apart / tokens, within(1e-5));
      assertThat(featureMeans(teacher, teacher, DATA.batch(0, 1, 2)).values())
          .allMatch(mean -> Math.abs(mean) < 1e-6);
    }
  }

  private static double squares(SequencedMap<String, Double> means) {
    return Objects.requireNonNull(means.get("hidden-mse"));
  }

  private static SequencedMap<String, Double> featureMeans(
      CausalLanguageModel teacher, CausalLanguageModel student, SequenceBatch batch) {
    Set<Need> needs = Set.of(Need.HIDDEN_STATES);
    ModelShape ofTeacher = shape(teacher);
    Layers layers = new Layers(LayerMap.UNIFORM, List.of());
    Losses losses =
        new Losses(
            Stream.of(new HiddenMse(layers, true), new HiddenCosine(layers, true))
                .map(objective ->
                    new BoundTerm(
                        new Term(objective, 1).name(),
                        objective.bind(ofTeacher, shape(student), 1),
                        1))
                .toList());
    Question<SequenceBatch> question = new Question<>(DATA, batch);
    try (Scope _ = Scope.open()) {
      SequencedMap<String, Double> means =
          losses.backward(
              student.forward(batch, ForwardMode.EVALUATE.capturing()),
              heard(teacher(teacher).ask(question, needs)),
              question,
              losses.counts(List.of(batch)),
              1);
      Gradients.drop(student.parameters().all());
      return means;
    }
  }

  private static ModelShape shape(CausalLanguageModel model) {
    DecoderConfig config = model.config();
    return new ModelShape(config.layers(), config.hiddenSize(), config.attention().heads());
  }

  @ParameterizedTest
  @ValueSource(strings = {"gpt2", "llama"})
  void threadsDoNotChangeTheGradient(String family) throws IOException {
    Losses losses = new Losses(TERMS);
    List<SequenceBatch> batches = List.of(DATA.batch(0, 1, 2, 3, 4), DATA.batch(9));
    try (CausalLanguageModel teacher = GoldenDecoders.model(family);
        CausalLanguageModel student = teacher.withLayers(List.of(1))) {
      TrainJob<SequenceBatch> job = job(student, teacher(teacher), TERMS, 1);
      try (Workers workers = Workers.share(2);
          Shards<SequenceBatch> shards =
              new Shards<>(job, losses, new MovingAverages<>(job, losses), workers)) {
        shards.gradients(DATA, batches, 3, 1);
      }
      Map<String, float[]> shared = taken(student);
      long[] counts = losses.counts(batches);
      for (SequenceBatch batch : batches) {
        Question<SequenceBatch> question = new Question<>(DATA, batch);
        try (Scope _ = Scope.open()) {
          Map<Source, Signals> heard =
              heard(job.teacher().orElseThrow().ask(question, Set.of(Need.DISTRIBUTION)));
          losses.backward(student.forward(batch, ForwardMode.EVALUATE), heard, question, counts, 1);
        }
      }
      taken(student)
          .forEach((name, gradient) ->
              assertThat(shared.get(name)).as(name).containsExactly(gradient, within(1e-4f)));
    }
  }

  /// The way of the whole: a student of one layer comes near to its teacher, and an interrupted run
  /// ends with the same weights.
  @Test
  void aStudentLearnsFromItsTeacherAndIsTakenUpToTheBit() throws IOException {
    try (CausalLanguageModel teacher = GoldenDecoders.model("gpt2");
        CausalLanguageModel student = teacher.withLayers(List.of(0));
        CausalLanguageModel other = teacher.withLayers(List.of(0))) {
      LocalTeacher<SequenceBatch> asked = teacher(teacher);
      LossScore<SequenceBatch> score =
          new LossScore<>(DATA, asked, Set.of(Need.DISTRIBUTION), KL, Precision.FP32);
      double before = score.score(student);
      train(job(student, asked, KL, 30), folder.resolve("whole"), Integer.MAX_VALUE);
      assertThat(score.score(student)).isGreaterThan(before / 2);

      train(job(other, asked, KL, 30), folder.resolve("parts"), 20);
      try (CausalLanguageModel again = teacher.withLayers(List.of(0))) {
        train(job(again, asked, KL, 30), folder.resolve("parts"), Integer.MAX_VALUE);
        again
            .parameters()
            .byName()
            .forEach((name, tensor) ->
                assertThat(tensor.toFloats())
                    .as(name)
                    .containsExactly(student.parameters().get(name).toFloats()));
      }
    }
  }

  /// 1,600 rows of 152,064 logits are 928 MiB, and two models with their losses hold several such
  /// matrices if they are made.
  @Test
  void aStepNeverHoldsTheLogitsOfAllTokens() throws IOException {
    DecoderConfig config = wide(152_064);
    List<TokenSequence> texts = new ArrayList<>();
    for (int row = 0; row < 25; row++) {
      texts.add(TokenSequence.whole(new Random(row).ints(65, 0, 152_064).toArray()));
    }
    SequenceDataset data = new SequenceDataset(texts);
    SequenceBatch batch = data.batch(IntStream.range(0, 25).toArray());
    Losses losses = new Losses(KL);
    try (CausalLanguageModel teacher =
            new CausalLanguageModel(config, DecoderWeights.random(config, 0.1, 1));
        CausalLanguageModel student =
            new CausalLanguageModel(config, DecoderWeights.random(config, 0.1, 2))) {
      Question<SequenceBatch> question = new Question<>(data, batch);
      long[] counts = losses.counts(List.of(batch));
      PeakMemory peak = PeakMemory.start();
      try (Scope _ = Scope.open()) {
        Map<Source, Signals> heard =
            heard(teacher(teacher).ask(question, Set.of(Need.DISTRIBUTION)));
        losses.backward(student.forward(batch, ForwardMode.EVALUATE), heard, question, counts, 1);
      }
      assertThat(counts).containsExactly(1600);
      assertThat(peak.grown()).isLessThan(400L << 20);
      Gradients.drop(student.parameters().all());
    }
  }

  private static DecoderConfig wide(int vocabulary) {
    return new Llama()
        .read(
            JsonMapper.shared()
                .readTree(
                    """
                    {"hidden_size": 8, "num_hidden_layers": 1, "num_attention_heads": 1,
                     "intermediate_size": 8, "vocab_size": %d, "tie_word_embeddings": true}
                    """
                        .formatted(vocabulary)));
  }

  static void train(TrainJob<SequenceBatch> job, Path folder, long stopAfter) throws IOException {
    StopSwitch stop = new StopSwitch();
    TrainListener listener =
        new TrainListener() {
          @Override
          public void stepEnded(StepReport report) {
            if (report.step() >= stopAfter) {
              stop.stop(TrainResult.End.INTERRUPTED);
            }
          }
        };
    try (Trainer<SequenceBatch> trainer =
        new Trainer<>(job, new Checkpoints(folder), List.of(listener), stop)) {
      trainer.run();
    }
  }

  static TrainJob<SequenceBatch> job(
      CausalLanguageModel student,
      LocalTeacher<SequenceBatch> teacher,
      List<BoundTerm> terms,
      int epochs) {
    return new TrainJob<>(
        "student",
        student,
        Optional.of(teacher),
        Set.of(Need.DISTRIBUTION),
        terms,
        DATA,
        TinyTask.settings(epochs),
        new LossScore<>(DATA, teacher, Set.of(Need.DISTRIBUTION), terms, Precision.FP32));
  }

  static LocalTeacher<SequenceBatch> teacher(CausalLanguageModel model) {
    return new LocalTeacher<>("teacher", "f", model, Precision.FP32);
  }

  static Map<Source, Signals> heard(Signals signals) {
    Map<Source, Signals> heard = new HashMap<>();
    heard.put(new Source.Teacher(), signals);
    return heard;
  }

  static Map<String, float[]> taken(CausalLanguageModel model) {
    Map<String, float[]> gradients = new LinkedHashMap<>();
    try (Scope _ = Scope.open()) {
      model
          .parameters()
          .byName()
          .forEach((name, tensor) -> gradients.put(name, tensor.grad().toFloats()));
    } finally {
      Gradients.drop(model.parameters().all());
    }
    return gradients;
  }

  /// Texts whose tokens follow a rule, so that there is something to learn.
  static SequenceDataset data(int count, long seed) {
    Random random = new Random(seed);
    List<TokenSequence> sequences = new ArrayList<>();
    for (int row = 0; row < count; row++) {
      int[] ids = new int[4 + random.nextInt(8)];
      ids[0] = 3 + random.nextInt(90);
      for (int i = 1; i < ids.length; i++) {
        ids[i] = 3 + (ids[i - 1] * 7 + 1) % 90;
      }
      sequences.add(TokenSequence.completion(ids, 1 + random.nextInt(2)));
    }
    return new SequenceDataset(sequences);
  }
}
