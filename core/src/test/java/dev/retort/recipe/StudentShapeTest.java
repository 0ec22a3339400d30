package dev.retort.recipe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.retort.catalog.Binder;
import dev.retort.catalog.RecipeException;
import dev.retort.catalog.YamlReader;
import dev.retort.catalog.YamlWriter;
import dev.retort.model.Activation;
import dev.retort.model.Bert;
import dev.retort.model.EncoderConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class StudentShapeTest {

  /// 12 layers, 384 wide, heads of 32, as BGE-small is.
  private static final EncoderConfig TEACHER =
      new EncoderConfig(
          new Bert(), 12, 384, 12, 1536, 30522, 512, 2, 1e-12, Activation.GELU, 0.1, 0.1, 0);

  private static StudentSettings settings(String yaml) {
    return new Binder().bind(StudentSettings.class, YamlReader.parse("recipe.yaml", yaml));
  }

  private static StudentShape shape(String yaml) {
    return new StudentShape(settings(yaml), TEACHER);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{} | 12 | 384 | 12 | 1536",
        "{layers: [3, 7, 11]} | 3 | 384 | 12 | 1536",
        "{layers: [11], hiddenSize: 192} | 1 | 192 | 6 | 1536",
        "{heads: 4} | 12 | 128 | 4 | 1536",
        "{from: pretrained, hiddenSize: 192, heads: 6, intermediateSize: 768} | 12 | 192 | 6 | 768",
        "{from: scratch, architecture: {}} | 2 | 128 | 2 | 512",
        "{from: scratch, architecture: {layers: 20, hiddenSize: 770, heads: 7, intermediateSize: 9}} | 20 | 770 | 7 | 9",
      })
  void whatIsLeftOutFollows(String yaml, int layers, int hidden, int heads, int intermediate) {
    StudentShape shape = shape(yaml);

    assertThat(shape.problems()).isEmpty();
    assertThat(shape.config()).isEqualTo(TEACHER.resized(layers, hidden, heads, intermediate));
  }

  @Test
  void allProblemsAreNamedWithTheirPlace() {
    assertThat(shape("{layers: [0, 12], hiddenSize: 400, intermediateSize: 2000}").problems())
        .containsExactly(
            "student.layers[1]: layer 12 does not exist; the teacher has layers 0 to 11",
            "student.hiddenSize: 400 is more than the 384 of the teacher, which the student is cut from",
            "student.intermediateSize: 2000 is more than the 1536 of the teacher, which the student is cut from",
            "student.hiddenSize: 400 is no multiple of 32, the width of one head of the teacher; use 384 or 416");
    assertThat(shape("{from: pretrained, hiddenSize: 192, heads: 12}").problems())
        .containsExactly(
            "student.heads: 12 heads of the pretrained model are 384 wide, but hiddenSize is 192; heads keep their width 32, so that 6 belong to this hidden size: leave `heads` out");
    assertThat(shape("{lora: {}, keyValueHeads: 1}").problems())
        .containsExactly(
            "student.lora: is for task generation; leave it out",
            "student.keyValueHeads: is for task generation; leave it out");
    assertThat(shape("{from: scratch, architecture: {heads: 2, keyValueHeads: 1}}").problems())
        .containsExactly(
            "student.architecture.keyValueHeads: is for task generation; leave it out");
    assertThat(shape("{heads: 13}").problems())
        .containsExactly(
            "student.heads: 13 is more than the 12 of the teacher, which the student is cut from");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{from: techer} | from (line 1): must be 'teacher', 'pretrained', 'scratch', 'static' or the",
        "{hiddenSize: 0} | hiddenSize (line 1): must be >= 1 but is 0",
        "{heads: 0} | heads (line 1): must be >= 1 but is 0",
        "{intermediateSize: -1} | intermediateSize (line 1): must be >= 1 but is -1",
        "{architecture: {}} | architecture (line 1): belongs to 'from: scratch'",
        "{from: scratch} | architecture: is missing: 'from: scratch' needs one",
        "{from: scratch, layers: [1], architecture: {}} | from (line 1): is 'scratch', where there is nothing to cut",
        "{table: {}} | table (line 1): belongs to 'from: static'; a student from 'teacher' has layers",
        "{from: static, layers: [1]} | from (line 1): is 'static', a student without layers",
        "{from: static, table: {dimensions: 0}} | table.dimensions (line 1): must be >= 1 but is 0",
        "{from: static, table: {smoothing: 1}} | table.smoothing (line 1): must be below 1 but is 1.0",
        "{from: scratch, architecture: {hiddenSize: 100, heads: 3}} | architecture.heads (line 1): must divide hiddenSize 100 but is 3",
      })
  void settingsThatContradictEachOtherAreRefused(String yaml, String message) {
    assertThatThrownBy(() -> settings(yaml))
        .isInstanceOf(RecipeException.class)
        .hasMessageContaining(message);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{from: teacher, layers: [1]}",
        "{from: pretrained, hiddenSize: 64}",
        "{from: scratch, architecture: {layers: 3}}",
        "{from: 'maven:group:artifact:1.0', heads: 3}",
        "{from: ./model}",
        "{from: static}",
        "{from: static, table: {dimensions: 64, train: false, smoothing: 0.001, frequencies: data}}"
      })
  void whatIsWrittenReadsBack(String yaml) {
    StudentSettings settings = settings(yaml);

    assertThat(settings(new YamlWriter().write(settings))).isEqualTo(settings);
  }

  @Test
  void aBaselineBeginsWhereNobodyHasTaught() {
    assertThat(StudentOrigin.parse("teacher").withoutTeacher())
        .isEqualTo(new StudentOrigin.Pretrained());
    assertThat(StudentOrigin.parse("pretrained").withoutTeacher())
        .isEqualTo(new StudentOrigin.Pretrained());
    assertThat(StudentOrigin.parse("scratch").withoutTeacher())
        .isEqualTo(new StudentOrigin.Scratch());
    assertThat(StudentOrigin.parse("static").withoutTeacher())
        .isEqualTo(new StudentOrigin.Static(false));
    assertThat(StudentOrigin.parse("hf:owner/name").withoutTeacher())
        .isEqualTo(new StudentOrigin.Model("hf:owner/name"));
  }
}
