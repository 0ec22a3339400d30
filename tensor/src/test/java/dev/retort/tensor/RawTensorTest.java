package dev.retort.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import org.junit.jupiter.api.Test;

class RawTensorTest {

  @Test
  void keepsValuesLittleEndian() {
    RawTensor tensor = RawTensor.floats(new float[] {1, -2}, 2);

    assertThat(tensor.bytes().toArray(ValueLayout.JAVA_BYTE))
        .containsExactly(0, 0, 0x80, 0x3f, 0, 0, 0, 0xc0);
    assertThat(tensor.toFloats()).containsExactly(1, -2);
    assertThat(RawTensor.longs(new long[] {7, -1}, 1, 2).toLongs()).containsExactly(7, -1);
  }

  @Test
  void countsElementsOfScalarsAndEmptyShapes() {
    assertThat(RawTensor.floats(new float[] {3}).elements()).isEqualTo(1);
    assertThat(RawTensor.floats(new float[0], 0, 3).elements()).isZero();
  }

  @Test
  void copiesItsInputs() {
    float[] values = {1};
    RawTensor tensor = RawTensor.floats(values);
    values[0] = 2;

    assertThat(tensor.toFloats()).containsExactly(1);
    assertThat(tensor.bytes().isReadOnly()).isTrue();
  }

  @Test
  void refusesBytesThatDoNotFitTheShape() {
    MemorySegment bytes = MemorySegment.ofArray(new byte[20]);

    assertThatThrownBy(() -> new RawTensor(DType.FLOAT32, List.of(2L, 3L), bytes))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("a tensor F32 [2, 3] has 24 bytes, not 20");
    assertThatThrownBy(() -> new RawTensor(DType.INT8, List.of(-1L), bytes))
        .hasMessageContaining("negative dimension");
    assertThatThrownBy(() -> new RawTensor(DType.INT64, List.of(Long.MAX_VALUE, 2L), bytes))
        .hasMessageContaining("too large");
  }

  @Test
  void refusesToReadAnotherType() {
    assertThatThrownBy(() -> RawTensor.longs(new long[] {1}).toFloats())
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("I64, not F32");
  }
}
