package dev.retort.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.retort.data.PreferenceDataset;
import dev.retort.data.SequenceBatch;
import dev.retort.data.SequenceDataset;
import dev.retort.data.TokenSequence;
import dev.retort.model.ForwardMode;
import dev.retort.model.LinearHead;
import dev.retort.model.decoder.CausalLanguageModel;
import dev.retort.model.decoder.GoldenDecoders;
import dev.retort.objective.AnswerObjective.Answers;
import dev.retort.objective.DirectPreference;
import dev.retort.signal.Distribution;
import dev.retort.signal.Signals;
import dev.retort.tensor.Functions;
import dev.retort.tensor.NoGrad;
import dev.retort.tensor.Scope;
import dev.retort.tensor.Tensor;
import dev.retort.tensor.Tensors;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Direct preference optimisation behind a head, against the definition on all logits at once.
class AnswerTermTest {

  private static final PreferenceDataset PAIRS = pairs();
  private static final DirectPreference LOSS = new DirectPreference(0.7, 0.1);

  /// Pairs of different lengths, whose answers begin at different places.
  private static PreferenceDataset pairs() {
    List<TokenSequence> answers = new ArrayList<>();
    for (int answer = 0; answer < 6; answer++) {
      int[] ids = new Random(answer).ints(6L + answer, 4, 90).toArray();
      answers.add(TokenSequence.completion(ids, 2 + answer / 2));
    }
    return new PreferenceDataset(new SequenceDataset(answers));
  }

  @ParameterizedTest
  @ValueSource(strings = {"gpt2", "llama"})
  void theGradientIsThatOfAllLogitsAtOnce(String family) throws IOException {
    SequenceBatch batch = PAIRS.batch(0, 2, 1);
    try (CausalLanguageModel reference = GoldenDecoders.model(family);
        CausalLanguageModel student = reference.withLayers(List.of(0, 2));
        Scope _ = Scope.open()) {
      Signals heard = heard(reference, batch);
      Tensor hiddenND = hidden(student, batch).detach().requiresGrad();
      LinearHead head = student.head();

      Tensor all = head.logits(hiddenND);
      Tensor plain = LOSS.sum(answers(all, batch), answers(logits(heard), batch));
      plain.times(0.5).backward();
      float[] ofHead = head.weightVD().grad().toFloats();
      head.weightVD().dropGrad();
      AnswerTerm term = new AnswerTerm(LOSS, head, hiddenND.detach(), batch);
      AnswerTerm.Found found = term.backward(heard, 0.5);

      assertThat(found.sum()).isCloseTo(plain.item(), within(1e-4));
      assertThat(term.sum(heard)).isCloseTo(plain.item(), within(1e-4));
      assertThat(found.hiddenND().toFloats())
          .containsExactly(hiddenND.grad().toFloats(), within(1e-5f))
          .isNotEqualTo(new float[ofHead.length]);
      assertThat(head.weightVD().grad().toFloats()).containsExactly(ofHead, within(1e-5f));
      head.weightVD().dropGrad();
    }
  }

  /// Twice the same answer is neither better nor worse: a half of a bit, whatever the student is.
  @Test
  void equalAnswersCostLnTwo() throws IOException {
    TokenSequence answer = PAIRS.answers().sequences().getFirst();
    SequenceBatch batch =
        new PreferenceDataset(new SequenceDataset(List.of(answer, answer))).batch(0);
    try (CausalLanguageModel reference = GoldenDecoders.model("gpt2");
        CausalLanguageModel student = reference.withLayers(List.of(0));
        Scope _ = Scope.open()) {
      AnswerTerm term =
          new AnswerTerm(LOSS, student.head(), hidden(student, batch).detach(), batch);

      assertThat(term.sum(heard(reference, batch))).isCloseTo(Math.log(2), within(1e-4));
    }
  }

  @Test
  void aReferenceMustHaveSaidSomethingAboutEveryToken() throws IOException {
    SequenceBatch batch = PAIRS.batch(0);
    try (CausalLanguageModel student = GoldenDecoders.model("gpt2");
        Scope _ = Scope.open()) {
      AnswerTerm term =
          new AnswerTerm(LOSS, student.head(), hidden(student, batch).detach(), batch);
      long rows = batch.labels().length;
      Signals sparse =
          Signals.of(
              new Distribution.TopK(
                  Tensors.of(new long[(int) rows], rows, 1), Tensors.zeros(rows, 1), 1));

      assertThatThrownBy(() -> term.sum(sparse))
          .hasMessageContaining("but the reference gave TopK");
      assertThatThrownBy(() -> term.sum(Signals.NONE)).hasMessageContaining("nobody is there");
    }
  }

  @Test
  void tokensKnowTheAnswerTheyAreIn() {
    SequenceBatch batch = PAIRS.batch(1, 0);

    assertThat(batch.lengths()).containsExactly(8, 9, 6, 7);
    assertThat(batch.owners())
        .containsExactly(0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 3);
  }

  private static Tensor hidden(CausalLanguageModel model, SequenceBatch batch) {
    return model.forward(batch, ForwardMode.EVALUATE).pooledND();
  }

  private static Signals heard(CausalLanguageModel reference, SequenceBatch batch) {
    try (NoGrad _ = NoGrad.open()) {
      return Signals.of(new Distribution.Headed(hidden(reference, batch), reference.head()));
    }
  }

  private static Tensor logits(Signals heard) {
    return ((Distribution.Headed) heard.distribution().orElseThrow()).dense().logitsNV().detach();
  }

  /// The log-probabilities of all answers, differentiable, by a matrix that adds up their rows.
  private static Answers answers(Tensor logitsNV, SequenceBatch batch) {
    int rows = batch.labels().length;
    long[] labels = new long[rows];
    float[] chosen = new float[batch.size() * rows];
    float[] rejected = new float[batch.size() * rows];
    for (int row = 0; row < rows; row++) {
      labels[row] = batch.labels()[row];
      int owner = (int) batch.owners()[row];
      (owner % 2 == 0 ? chosen : rejected)[owner / 2 * rows + row] = 1;
    }
    Tensor ofLabelsN1 = Functions.logSoftmax(logitsNV, -1).gather(-1, Tensors.of(labels, rows, 1));
    return new Answers(
        Tensors.of(chosen, batch.size(), rows).matmul(ofLabelsN1).reshape(batch.size()),
        Tensors.of(rejected, batch.size(), rows).matmul(ofLabelsN1).reshape(batch.size()));
  }
}
