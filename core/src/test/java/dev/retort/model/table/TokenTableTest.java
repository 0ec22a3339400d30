package dev.retort.model.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.retort.model.ForwardMode;
import dev.retort.model.ModelException;
import dev.retort.model.Precision;
import dev.retort.model.TextClassifier;
import dev.retort.model.table.StaticSettings.Frequencies;
import dev.retort.tensor.Scope;
import dev.retort.tensor.Tensor;
import dev.retort.tensor.Tensors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TokenTableTest {

  private static final int CLS = 2;
  private static final int SEP = 3;

  @TempDir private Path folder;

  private static StaticSettings settings(int dimensions, double smoothing) {
    return new StaticSettings(
        dimensions, smoothing, new Frequencies.OfVocabulary(), Precision.FP32);
  }

  /// Token by token, one text at a time.
  private static float[][] plain(TextClassifier teacher, int[] ids, int dimensions, double a) {
    float[][] hidden = new float[ids.length][];
    for (int i = 0; i < ids.length; i++) {
      SingleTokens one = new SingleTokens(new int[] {ids[i]}, CLS, SEP);
      hidden[i] = teacher.forward(one.batch(0), ForwardMode.EVALUATE).pooledND().toFloatRows()[0];
    }
    Tensor hiddenND = Tensors.of(hidden);
    double[] weights = TokenWeights.ofRanks(ids.length, a);
    float[][] rows = PrincipalComponents.of(hiddenND, dimensions).project(hiddenND).toFloatRows();
    for (int i = 0; i < ids.length; i++) {
      for (int j = 0; j < dimensions; j++) {
        rows[i][j] *= (float) weights[i];
      }
    }
    return rows;
  }

  @Test
  void aTokenIsWhatTheTeacherMakesOfItAlone() throws IOException {
    int[] ids = Vocabulary.read(TinyTeacher.TOKENIZER).ids();
    List<Long> progress = new ArrayList<>();
    try (Scope _ = Scope.open();
        TextClassifier teacher = TinyTeacher.in(folder);
        TokenTable table =
            TokenTable.distil(teacher, TinyTeacher.TOKENIZER, settings(8, 1e-2), progress::add)) {
      float[][] expected = plain(teacher, ids, 8, 1e-2);
      float[][] found = table.vectorsVD().toFloatRows();

      assertThat(found).hasDimensions(120, 8);
      for (int i = 0; i < ids.length; i++) {
        for (int j = 0; j < 8; j++) {
          assertThat(found[ids[i]][j]).isCloseTo(expected[i][j], within(1e-4f));
        }
      }
      assertThat(progress).last().isEqualTo((long) ids.length);
    }
  }

  @Test
  void specialTokensHaveNoVectorAndUnknownWordsHaveOne() throws IOException {
    try (TextClassifier teacher = TinyTeacher.in(folder);
        TokenTable table =
            TokenTable.distil(teacher, TinyTeacher.TOKENIZER, settings(4, 1e-4), _ -> {})) {
      float[][] rows = table.vectorsVD().toFloatRows();
      float[] kept = table.keptV1().toFloats();

      // [PAD] [UNK] [CLS] [SEP] [MASK]
      assertThat(kept).startsWith(0, 1, 0, 0, 0, 1);
      for (int id : new int[] {0, 2, 3, 4}) {
        assertThat(rows[id]).containsOnly(0);
      }
      assertThat(IntStream.range(0, kept.length).filter(id -> kept[id] == 1))
          .allSatisfy(id -> assertThat(rows[id]).doesNotContain(0));
    }
  }

  @Test
  void moreDimensionsThanTheTeacherHasAreRefused() throws IOException {
    try (TextClassifier teacher = TinyTeacher.in(folder)) {
      assertThatThrownBy(
              () -> TokenTable.distil(teacher, TinyTeacher.TOKENIZER, settings(33, 1e-4), _ -> {}))
          .isInstanceOf(ModelException.class)
          .hasMessage("student.table.dimensions: 33 are more than the teacher has; at most 32");
    }
  }

  @Test
  void aTokenizerWithoutFrameIsRefused() throws IOException {
    Path bare = folder.resolve("bare.json");
    Files.writeString(
        bare,
        """
        {"version": "1.0", "added_tokens": [],
         "model": {"type": "WordLevel", "unk_token": "a", "vocab": {%s}}}
        """
            .formatted(
                String.join(
                    ",",
                    IntStream.range(0, 9)
                        .mapToObj(i -> "\"%c\": %d".formatted('a' + i, i))
                        .toList())));
    try (TextClassifier teacher = TinyTeacher.in(folder)) {
      assertThatThrownBy(() -> TokenTable.distil(teacher, bare, settings(4, 1e-4), _ -> {}))
          .isInstanceOf(ModelException.class)
          .hasMessageContaining("bare.json puts 0 special tokens around a text");
    }
  }
}
