package dev.retort.signal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SignalStoreTest {

  private static final String TEACHER = "0123456789abcdef";

  @TempDir Path folder;

  @Test
  void remembersAcrossRuns() throws IOException {
    try (SignalStore store = SignalStore.open(folder, TEACHER, 2)) {
      store.put(List.of("a", "b"), new float[][] {{1, 2}, {3, 4}});
      assertThat(store.get("b")).contains(new float[] {3, 4});
    }
    try (SignalStore store = SignalStore.open(folder, TEACHER, 2)) {
      assertThat(store.size()).isEqualTo(2);
      assertThat(store.get("a")).contains(new float[] {1, 2});
      assertThat(store.get("c")).isEmpty();
      store.put(List.of("c"), new float[][] {{5, 6}});
    }
    try (SignalStore store = SignalStore.open(folder, TEACHER, 2)) {
      assertThat(store.get("c")).contains(new float[] {5, 6});
    }
  }

  @Test
  void keepsTeachersApart() throws IOException {
    try (SignalStore store = SignalStore.open(folder, TEACHER, 1)) {
      store.put(List.of("a"), new float[][] {{1}});
    }
    try (SignalStore other = SignalStore.open(folder, "fedcba9876543210", 1)) {
      assertThat(other.get("a")).isEmpty();
    }
  }

  /// Several teachers of one run, or two runs at once.
  @Test
  void storesThatAreOpenAtTheSameTimeAllWrite() throws IOException {
    String second = "fedcba9876543210";
    try (SignalStore one = SignalStore.open(folder, TEACHER, 1);
        SignalStore other = SignalStore.open(folder, second, 1)) {
      one.put(List.of("a"), new float[][] {{1}});
      one.flush();
      other.put(List.of("a"), new float[][] {{2}});
      other.flush();
      one.put(List.of("b"), new float[][] {{3}});
    }
    try (SignalStore one = SignalStore.open(folder, TEACHER, 1);
        SignalStore other = SignalStore.open(folder, second, 1)) {
      assertThat(one.get("b")).contains(new float[] {3});
      assertThat(other.get("a")).contains(new float[] {2});
    }
  }

  /// What a crash between writing a shard and entering it in the index leaves behind.
  @Test
  void aShardThatIsNotInTheIndexIsLeftAlone() throws IOException {
    Files.writeString(folder.resolve("signals-0123456789ab-000000.safetensors"), "half");
    try (SignalStore store = SignalStore.open(folder, TEACHER, 1)) {
      assertThat(store.size()).isZero();
      store.put(List.of("a"), new float[][] {{1}});
    }
    try (SignalStore store = SignalStore.open(folder, TEACHER, 1)) {
      assertThat(store.get("a")).isPresent();
    }
  }

  @Test
  void namesADamagedShard() throws IOException {
    Path shard = oneShard();
    byte[] bytes = Files.readAllBytes(shard);
    bytes[bytes.length - 1] ^= 1;
    Files.write(shard, bytes);

    assertThatThrownBy(() -> SignalStore.open(folder, TEACHER, 1))
        .isInstanceOf(SignalStoreException.class)
        .hasMessageContaining(shard.getFileName().toString())
        .hasMessageContaining("checksum is wrong")
        .hasMessageContaining("to ask the teacher again");
  }

  @Test
  void namesAMissingShard() throws IOException {
    Files.delete(oneShard());

    assertThatThrownBy(() -> SignalStore.open(folder, TEACHER, 1))
        .isInstanceOf(SignalStoreException.class)
        .hasMessageContaining("it is missing");
  }

  @Test
  void namesABrokenIndex() throws IOException {
    Files.writeString(folder.resolve("index.sqlite"), "this is no database, but long enough text");

    assertThatThrownBy(() -> SignalStore.open(folder, TEACHER, 1))
        .isInstanceOf(SignalStoreException.class)
        .hasMessageContaining("index.sqlite cannot be read");
  }

  @Test
  void refusesRowsOfAnotherWidth() throws IOException {
    try (SignalStore store = SignalStore.open(folder, TEACHER, 2)) {
      assertThatThrownBy(() -> store.put(List.of("a"), new float[][] {{1}}))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  private Path oneShard() throws IOException {
    try (SignalStore store = SignalStore.open(folder, TEACHER, 1)) {
      store.put(List.of("a"), new float[][] {{1}});
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .filter(file -> file.toString().endsWith(".safetensors"))
          .findFirst()
          .orElseThrow();
    }
  }
}
