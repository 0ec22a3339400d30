package dev.retort.runtime;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Writes small safetensors files by the format's own description.
final class TinyTensors {

  private final List<String> entries = new ArrayList<>();
  private final ByteBuffer data = ByteBuffer.allocate(1 << 16).order(ByteOrder.LITTLE_ENDIAN);

  /// Adds a matrix in 32 or 16 bits.
  TinyTensors matrix(String name, boolean half, float[][] rows) {
    int begin = data.position();
    for (float[] row : rows) {
      for (float value : row) {
        if (half) {
          data.putShort(Float.floatToFloat16(value));
        } else {
          data.putFloat(value);
        }
      }
    }
    return entry(name, half ? "F16" : "F32", rows.length + "," + rows[0].length, begin);
  }

  /// Adds a vector in 32 bits.
  TinyTensors vector(String name, float... values) {
    int begin = data.position();
    for (float value : values) {
      data.putFloat(value);
    }
    return entry(name, "F32", String.valueOf(values.length), begin);
  }

  private TinyTensors entry(String name, String type, String shape, int begin) {
    entries.add(
        "\"%s\":{\"dtype\":\"%s\",\"shape\":[%s],\"data_offsets\":[%d,%d]}"
            .formatted(name, type, shape, begin, data.position()));
    return this;
  }

  void write(Path file) throws IOException {
    byte[] header = ("{" + String.join(",", entries) + "}").getBytes(StandardCharsets.UTF_8);
    ByteBuffer all =
        ByteBuffer.allocate(Long.BYTES + header.length + data.position())
            .order(ByteOrder.LITTLE_ENDIAN)
            .putLong(header.length)
            .put(header)
            .put(data.array(), 0, data.position());
    Files.write(file, all.array());
  }
}
