package dev.retort.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.retort.data.SequenceBatch;
import dev.retort.data.SequenceDataset;
import dev.retort.data.TokenSequence;
import dev.retort.model.ForwardMode;
import dev.retort.model.NetworkOutput;
import dev.retort.model.Precision;
import dev.retort.model.decoder.CausalLanguageModel;
import dev.retort.model.decoder.GoldenDecoders;
import dev.retort.teacher.LocalTeacher;
import dev.retort.tensor.NoGrad;
import dev.retort.tensor.Scope;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TeacherDivergenceTest {

  private static final SequenceDataset DATA = data();

  @Test
  void aModelDoesNotDifferFromItself() throws IOException {
    try (CausalLanguageModel teacher = GoldenDecoders.model("llama")) {
      List<double[]> divergences = TeacherDivergence.from(teacher).of(List.of(teacher), DATA);

      assertThat(divergences).hasSize(1);
      assertThat(divergences.getFirst()).hasSize((int) DATA.predicted()).containsOnly(0);
    }
  }

  /// The chunks against all logits at once, in 64 bits and plain loops.
  @ParameterizedTest
  @ValueSource(longs = {1, 3, 1000})
  void chunksEqualAllLogitsAtOnce(long chunkRows) throws IOException {
    try (CausalLanguageModel teacher = GoldenDecoders.model("llama");
        CausalLanguageModel student = teacher.withLayers(List.of(0));
        CausalLanguageModel same = teacher.copy()) {
      List<double[]> divergences =
          new TeacherDivergence(
                  new LocalTeacher<>("teacher", "", teacher, Precision.FP32), chunkRows)
              .of(List.of(student, same), DATA);

      double[] plain = plain(teacher, student);
      assertThat(divergences.get(0)).hasSameSizeAs(plain);
      assertThat(Arrays.stream(divergences.get(0)).sorted().toArray())
          .containsExactly(Arrays.stream(plain).sorted().toArray(), within(1e-5));
      assertThat(Arrays.stream(plain).average().orElseThrow()).isGreaterThan(0.001);
      assertThat(divergences.get(1)).containsOnly(0);
    }
  }

  private static double[] plain(CausalLanguageModel teacher, CausalLanguageModel student) {
    List<Double> divergences = new ArrayList<>();
    for (int row = 0; row < DATA.size(); row++) {
      List<double[]> wanted = logits(teacher, DATA.batch(row));
      List<double[]> given = logits(student, DATA.batch(row));
      for (int i = 0; i < wanted.size(); i++) {
        divergences.add(divergence(wanted.get(i), given.get(i)));
      }
    }
    return divergences.stream().mapToDouble(Double::doubleValue).toArray();
  }

  private static double divergence(double[] wanted, double[] given) {
    double logWanted = Math.log(DoubleStream.of(wanted).map(Math::exp).sum());
    double logGiven = Math.log(DoubleStream.of(given).map(Math::exp).sum());
    return IntStream.range(0, wanted.length)
        .mapToDouble(
            v -> Math.exp(wanted[v] - logWanted) * (wanted[v] - logWanted - given[v] + logGiven))
        .sum();
  }

  private static List<double[]> logits(CausalLanguageModel model, SequenceBatch batch) {
    try (Scope _ = Scope.open();
        NoGrad _ = NoGrad.open()) {
      NetworkOutput output = model.forward(batch, ForwardMode.EVALUATE);
      double[] all = output.head().orElseThrow().logits(output.pooledND()).toDoubles();
      int width = all.length / batch.labels().length;
      return IntStream.range(0, batch.labels().length)
          .mapToObj(row -> Arrays.copyOfRange(all, row * width, (row + 1) * width))
          .toList();
    }
  }

  private static SequenceDataset data() {
    Random random = new Random(3);
    return new SequenceDataset(
        IntStream.range(0, 7)
            .mapToObj(
                row -> TokenSequence.completion(random.ints(5 + row, 1, 60).toArray(), 1 + row % 3))
            .toList());
  }
}
