package dev.retort.signal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TokenStoreTest {

  private static final String TEACHER = "0123456789abcdef";

  @TempDir Path folder;

  @Test
  void remembersRowsOfAnyLengthAcrossRuns() throws IOException {
    try (TokenStore store = TokenStore.open(folder, TEACHER)) {
      put(store, "a", 0.5, 2, 1, 2, 3);
      put(store, "b", 0, 1);
      assertThat(bytes(store, "a")).containsExactly(1, 2, 3);
      store.flush();
      assertThat(bytes(store, "a")).containsExactly(1, 2, 3);
      put(store, "c", 0.75, 3, 9);
    }
    try (TokenStore store = TokenStore.open(folder, TEACHER)) {
      assertThat(store.size()).isEqualTo(3);
      assertThat(bytes(store, "a")).containsExactly(1, 2, 3);
      assertThat(store.get("a").orElseThrow().tokens()).isEqualTo(2);
      assertThat(store.get("a").orElseThrow().error()).isEqualTo(0.5);
      assertThat(bytes(store, "b")).isEmpty();
      assertThat(bytes(store, "c")).containsExactly(9);
      assertThat(store.has("d")).isFalse();
      assertThat(store.get("d")).isEmpty();
    }
  }

  @Test
  void theIndexSaysWhatEachShardHolds() throws IOException {
    try (TokenStore store = TokenStore.open(folder, TEACHER)) {
      put(store, "a", 0.5, 2, 1, 2, 3);
      put(store, "b", 0.25, 3, 4);
      store.flush();
      put(store, "c", 0.75, 1, 9);
    }
    try (TokenStore store = TokenStore.open(folder, TEACHER)) {
      List<TokenStore.Shard> shards = store.shards();
      assertThat(shards).extracting(TokenStore.Shard::tokens).containsExactly(5L, 1L);
      assertThat(shards).extracting(TokenStore.Shard::bytes).containsExactly(4L, 1L);
      assertThat(shards.getFirst().error()).isCloseTo(0.15, within(1e-12));
      assertThat(shards.getLast().error()).isCloseTo(0.75, within(1e-12));
    }
  }

  @Test
  void theFirstAnswerStands() throws IOException {
    try (TokenStore store = TokenStore.open(folder, TEACHER)) {
      put(store, "a", 0, 1, 1);
      put(store, "a", 0, 1, 2);
      store.flush();
      put(store, "a", 0, 1, 3);
      assertThat(store.size()).isEqualTo(1);
      assertThat(bytes(store, "a")).containsExactly(1);
    }
  }

  @Test
  void keepsTeachersAndCodecsApart() throws IOException {
    try (TokenStore store = TokenStore.open(folder, TEACHER)) {
      put(store, "a", 0, 1, 1);
    }
    try (TokenStore other = TokenStore.open(folder, "fedcba9876543210")) {
      assertThat(other.has("a")).isFalse();
      assertThat(other.shards()).isEmpty();
    }
  }

  /// Two runs that ask the same at the same time.
  @Test
  void storesThatAreOpenAtTheSameTimeAllWrite() throws IOException {
    try (TokenStore one = TokenStore.open(folder, TEACHER);
        TokenStore other = TokenStore.open(folder, TEACHER)) {
      put(one, "a", 0, 1, 1);
      put(other, "a", 0, 1, 1);
      one.flush();
      put(other, "b", 0, 1, 2);
      other.flush();
      put(one, "c", 0, 1, 3);
    }
    try (TokenStore store = TokenStore.open(folder, TEACHER)) {
      assertThat(bytes(store, "a")).containsExactly(1);
      assertThat(bytes(store, "b")).containsExactly(2);
      assertThat(bytes(store, "c")).containsExactly(3);
    }
  }

  /// What a crash between writing a shard and entering it in the index leaves behind.
  @Test
  void aShardThatIsNotInTheIndexIsLeftAlone() throws IOException {
    Files.writeString(folder.resolve("tokens-000000-01234567.safetensors"), "half");
    try (TokenStore store = TokenStore.open(folder, TEACHER)) {
      assertThat(store.size()).isZero();
    }
  }

  @Test
  void namesADamagedShard() throws IOException {
    Path shard = oneShard();
    byte[] bytes = Files.readAllBytes(shard);
    bytes[bytes.length - 1] ^= 1;
    Files.write(shard, bytes);

    assertThatThrownBy(() -> TokenStore.open(folder, TEACHER))
        .isInstanceOf(SignalStoreException.class)
        .hasMessageContaining(shard.getFileName().toString())
        .hasMessageContaining("checksum is wrong")
        .hasMessageContaining("to ask the teacher again");
  }

  @Test
  void namesAMissingShard() throws IOException {
    Path shard = oneShard();
    Files.delete(shard);

    assertThatThrownBy(() -> TokenStore.open(folder, TEACHER))
        .isInstanceOf(SignalStoreException.class)
        .hasMessageContaining(shard.getFileName().toString())
        .hasMessageContaining("it is missing");
  }

  private Path oneShard() throws IOException {
    try (TokenStore store = TokenStore.open(folder, TEACHER)) {
      put(store, "a", 0, 2, 1, 2);
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .filter(file -> file.toString().endsWith(".safetensors"))
          .findFirst()
          .orElseThrow();
    }
  }

  private static byte[] bytes(TokenStore store, String key) {
    return store.get(key).orElseThrow().rows();
  }

  private static void put(TokenStore store, String key, double error, int tokens, int... bytes) {
    store.put(new LinkedHashMap<>(Map.of(key, answer(error, tokens, bytes))));
  }

  private static TokenAnswer answer(double error, int tokens, int... bytes) {
    byte[] rows = new byte[bytes.length];
    for (int i = 0; i < bytes.length; i++) {
      rows[i] = (byte) bytes[i];
    }
    return new TokenAnswer(rows, tokens, error);
  }
}
