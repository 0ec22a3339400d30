package dev.retort.hub;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChecksumTest {

  @TempDir Path folder;

  @Test
  void computesEachKind() throws IOException {
    Path file = Files.writeString(folder.resolve("x"), "test content\n");

    // git hash-object, sha1sum and sha256sum of the same file
    assertThat(Checksum.of(Checksum.Kind.GIT_BLOB, file).hex())
        .isEqualTo("d670460b4b4aece5915caf5c68d12f560a9fe3e4");
    assertThat(Checksum.of(Checksum.Kind.SHA1, file).hex())
        .isEqualTo("4fe2b8dd12cd9cd6a413ea960cd8c09c25f19527");
    assertThat(Checksum.of(Checksum.Kind.SHA256, file).hex())
        .isEqualTo("a1fff0ffefb9eace7230c24e50731f0a91c62f9cefdfe77121c2f607125dffae");
  }

  @Test
  void readsEtags() {
    assertThat(Checksum.ofEtag("a".repeat(64)))
        .contains(new Checksum(Checksum.Kind.SHA256, "a".repeat(64)));
    assertThat(Checksum.ofEtag("a".repeat(40)))
        .contains(new Checksum(Checksum.Kind.GIT_BLOB, "a".repeat(40)));
    assertThat(Checksum.ofEtag("a".repeat(63))).isEmpty();
  }

  @Test
  void readsPublishedChecksums() {
    String hex = "0123456789abcdef0123456789ABCDEF01234567";

    assertThat(Checksum.ofPublished(Checksum.Kind.SHA1, hex + "  tiny-1.0.jar\n"))
        .contains(new Checksum(Checksum.Kind.SHA1, hex.toLowerCase(Locale.ROOT)));
    assertThat(Checksum.ofPublished(Checksum.Kind.SHA256, hex)).isEmpty();
    assertThat(Checksum.ofPublished(Checksum.Kind.SHA1, "<html>")).isEmpty();
  }
}
