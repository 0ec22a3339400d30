package dev.retort.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AsideTest {

  @TempDir Path folder;

  @Test
  void replacesAFileAsAWhole() throws IOException {
    Path file = folder.resolve("deep/x.txt");
    Aside.file(file, aside -> Files.writeString(aside, "old"));

    assertThatThrownBy(() ->
            Aside.file(
                file,
                aside -> {
                  Files.writeString(aside, "half");
                  throw new IOException("cut");
                }))
        .hasMessage("cut");
    assertThat(file).hasContent("old");

    Aside.file(file, aside -> Files.writeString(aside, "new"));
    assertThat(file).hasContent("new");
    assertOnly(file);
  }

  @Test
  void replacesAFolderAsAWhole() throws IOException {
    Path target = folder.resolve("deep/model");
    Aside.folder(target, aside -> Files.writeString(aside.resolve("old"), "1"));

    assertThatThrownBy(() ->
            Aside.folder(
                target,
                aside -> {
                  Files.writeString(aside.resolve("half"), "2");
                  throw new IOException("cut");
                }))
        .hasMessage("cut");
    assertOnly(target.resolve("old"));

    Aside.folder(target, aside -> Files.writeString(aside.resolve("new"), "3"));
    assertOnly(target.resolve("new"));
    assertOnly(target);
  }

  private static void assertOnly(Path file) throws IOException {
    try (Stream<Path> files = Files.list(file.getParent())) {
      assertThat(files).containsExactly(file);
    }
  }
}
