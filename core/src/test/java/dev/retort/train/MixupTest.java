package dev.retort.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.retort.data.TextBatch;
import dev.retort.data.TokenizedDataset;
import dev.retort.model.ForwardMode;
import dev.retort.model.Mix;
import dev.retort.model.NetworkOutput;
import dev.retort.model.Precision;
import dev.retort.model.TextClassifier;
import dev.retort.objective.CrossEntropy;
import dev.retort.objective.ForwardKl;
import dev.retort.recipe.Mixup;
import dev.retort.recipe.Source;
import dev.retort.signal.Distribution;
import dev.retort.signal.Need;
import dev.retort.signal.SignalStore;
import dev.retort.signal.Signals;
import dev.retort.teacher.LocalTeacher;
import dev.retort.teacher.Question;
import dev.retort.teacher.Rereading;
import dev.retort.teacher.StoredTeacher;
import dev.retort.teacher.Teacher;
import dev.retort.tensor.Functions;
import dev.retort.tensor.Gradients;
import dev.retort.tensor.NoGrad;
import dev.retort.tensor.Scope;
import dev.retort.tensor.Seed;
import dev.retort.tensor.Tensor;
import dev.retort.tensor.Tensors;
import java.io.IOException;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Learning from mixtures of examples.
class MixupTest {

  private static final TokenizedDataset DATA = TinyTask.data(12, 3);
  private static final Set<Need> DISTRIBUTION = EnumSet.of(Need.DISTRIBUTION);
  private static final Mix MIX = new Mix(new long[] {2, 0, 3, 1}, 0.3);

  @TempDir Path folder;

  /// Cross-entropy with soft labels, written out.
  @Test
  void labelsAreMixedAsTheTextsAre() {
    Losses losses = new Losses(List.of(new BoundTerm("cross-entropy", new CrossEntropy(0), 1)));
    TextBatch batch = DATA.batch(0, 1, 2, 3);
    try (TextClassifier model = TinyTask.model(2, 1);
        Scope _ = Scope.open()) {
      NetworkOutput output = model.forward(batch, mixed());
      SequencedMap<String, Double> means =
          losses.backward(output, Map.of(), mixed(batch), losses.counts(List.of(batch)), 0);
      float[] gradient = gradient(model);
      Gradients.drop(model.parameters().all());

      Tensor logProbsNV = Functions.logSoftmax(model.forward(batch, mixed()).logitsNV(), -1);
      float[] soft = new float[4 * 3];
      for (int row = 0; row < 4; row++) {
        soft[3 * row + batch.labels()[row]] += 0.3f;
        soft[3 * row + batch.labels()[(int) MIX.partners()[row]]] += 0.7f;
      }
      Tensor loss = Tensors.of(soft, 4, 3).times(logProbsNV).sum().times(-1.0 / 4);
      loss.backward();

      assertThat(means.get("cross-entropy")).isCloseTo(loss.item(), within(1e-6));
      assertThat(gradient).containsExactly(gradient(model), within(1e-6f));
    }
  }

  @Test
  void whatTheTeacherSaysOfAMixtureIsHeardOnce() {
    Losses losses = new Losses(List.of(new BoundTerm("forward-kl", new ForwardKl(2), 1)));
    TextBatch batch = DATA.batch(0, 1, 2, 3);
    try (TextClassifier model = TinyTask.model(2, 1);
        TextClassifier other = TinyTask.model(2, 5);
        Scope _ = Scope.open()) {
      Signals told = local(other).ask(mixed(batch), DISTRIBUTION);
      Map<Source, Signals> heard = Map.of(new Source.Teacher(), told);
      long[] counts = losses.counts(List.of(batch));

      double loss =
          losses
              .backward(model.forward(batch, mixed()), heard, mixed(batch), counts, 0)
              .firstEntry()
              .getValue();

      assertThat(loss)
          .isCloseTo(losses.sums(model.forward(batch, mixed()), heard, batch)[0] / 4, within(1e-6));
    }
  }

  /// An answer about a mixture is given by the teacher itself, and is not kept as one about a text.
  @Test
  void teachersAnswerAboutMixtures() throws IOException {
    TextBatch batch = DATA.batch(0, 1, 2, 3);
    try (TextClassifier model = TinyTask.model(2, 1);
        SignalStore store = SignalStore.open(folder, "teacher-fingerprint", 3);
        Scope _ = Scope.open();
        NoGrad _ = NoGrad.open()) {
      StoredTeacher<TextBatch> stored = new StoredTeacher<>(local(model), store);
      stored.answer(DATA, _ -> {});
      Teacher<TextBatch> reread = new Rereading<>(stored, DATA);
      float[] expected = model.forward(batch, mixed()).logitsNV().toFloats();
      float[] plain = logits(stored, new Question<>(DATA, batch));

      assertThat(logits(stored, mixed(batch))).containsExactly(expected, within(1e-6f));
      assertThat(logits(reread, mixed(batch))).containsExactly(expected, within(1e-6f));
      assertThat(logits(stored, new Question<>(DATA, batch))).containsExactly(plain);
      assertThat(plain).isNotEqualTo(expected);
      assertThat(store.size()).isEqualTo(DATA.size());
    }
  }

  @Test
  void theShareOfBatchesIsMixedAndEqualSeedsMixAlike() {
    Mixup mixup = new Mixup(0.4, 0.25);
    long mixed = 0;
    for (long seed = 0; seed < 4000; seed++) {
      Optional<Mix> mix = mixup.draw(8, Seed.derive(11, seed));
      mixed += mix.isPresent() ? 1 : 0;
      assertThat(mixup.draw(8, Seed.derive(11, seed))).isEqualTo(mix);
    }

    // The deviation of the mean of 4,000 draws is 0.007.
    assertThat(mixed / 4000.0).isCloseTo(0.25, within(0.03));
    assertThat(new Mixup(0.4, 1).draw(8, 3)).isPresent();
  }

  @Test
  void settingsAreRefusedWithWhatIsAllowed() {
    assertThatThrownBy(() -> new Mixup(0, 1)).hasMessage("alpha must be in [0.05, 4] but is 0");
    assertThatThrownBy(() -> new Mixup(1, 0)).hasMessage("share must be > 0 but is 0");
    assertThatThrownBy(() -> new Mixup(1, 2)).hasMessage("share must be in [0, 1] but is 2");
  }

  private static ForwardMode mixed() {
    return ForwardMode.EVALUATE.mixing(Optional.of(MIX));
  }

  private static Question<TextBatch> mixed(TextBatch batch) {
    return new Question<>(DATA, batch).mixed(Optional.of(MIX));
  }

  private static Teacher<TextBatch> local(TextClassifier model) {
    return new LocalTeacher<>("tiny", "tiny", model, Precision.FP32);
  }

  private static float[] logits(Teacher<TextBatch> teacher, Question<TextBatch> question) {
    return switch (teacher.ask(question, DISTRIBUTION).distribution().orElseThrow()) {
      case Distribution.Dense(Tensor logitsNV) -> logitsNV.toFloats();
      default -> throw new AssertionError("not dense");
    };
  }

  private static float[] gradient(TextClassifier model) {
    return model.parameters().get("encoder.layer.0.attention.self.query.weight").grad().toFloats();
  }
}
