package dev.retort.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/// The script that finds a JDK, on folders that look like JDKs.
@DisabledOnOs(OS.WINDOWS)
class FindJdkTest {

  private static final Path SCRIPT = Path.of("../bin/find-jdk").toAbsolutePath();

  record Answer(int code, String out, String err) {}

  @TempDir Path root;

  @Test
  void javaHomeComesFirst() throws IOException {
    Path mine = jdk("mine", "25.0.1");
    Path other = jdk("other", "25");

    assertThat(find(mine.toString(), "", other).out()).isEqualTo(mine + "\n");
  }

  @Test
  void anOldJavaHomeIsPassedOver() throws IOException {
    Path old = jdk("old", "17.0.15");
    Path other = jdk("with space", "26-ea");

    assertThat(find(old.toString(), "", other).out()).isEqualTo(other + "\n");
  }

  @Test
  void thePathIsFollowedThroughLinks() throws IOException {
    Path jdk = jdk("jdk", "25");
    Path bin = Files.createDirectory(root.resolve("links"));
    Files.createSymbolicLink(bin.resolve("javac"), jdk.resolve("bin/javac"));

    assertThat(find("", bin.toString(), jdk("other", "25")).out())
        .isEqualTo(jdk.toRealPath() + "\n");
  }

  @Test
  void aRuntimeWithoutCompilerIsEnoughOnlyWhereAsked() throws IOException {
    Path runtime = jdk("runtime", "25");
    Files.delete(runtime.resolve("bin/javac"));

    assertThat(find("", "", runtime).code()).isEqualTo(1);
    assertThat(run(Map.of(), List.of("--runtime", runtime.toString())).out())
        .isEqualTo(runtime + "\n");
  }

  @Test
  void withoutOneItSaysWhatIsThereAndWhatToInstall() throws IOException {
    Answer answer = find("", "", jdk("a", "17.0.1"), jdk("b", "17.0.2"), jdk("c", "21"), root);

    assertThat(answer.code()).isEqualTo(1);
    assertThat(answer.out()).isEmpty();
    assertThat(answer.err().lines())
        .hasSize(2)
        .satisfiesExactly(
            line -> assertThat(line).startsWith("Retort needs JDK 25").contains("only 17 21 in"),
            line -> assertThat(line).contains("apt install").contains("JAVA_HOME"));
  }

  private Path jdk(String name, String version) throws IOException {
    Path home = root.resolve(name);
    Files.createDirectories(home.resolve("bin"));
    for (String tool : List.of("java", "javac")) {
      Files.createFile(
          home.resolve("bin").resolve(tool),
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x")));
    }
    Files.writeString(
        home.resolve("release"),
        "IMPLEMENTOR=\"Nobody\"\nJAVA_VERSION=\"%s\"\nJAVA_VERSION_DATE=\"2025-09-16\"\n"
            .formatted(version));
    return home;
  }

  private Answer find(String javaHome, String extraPath, Path... homes) throws IOException {
    List<String> words = new ArrayList<>();
    for (Path home : homes) {
      words.add(home.toString());
    }
    return run(Map.of("JAVA_HOME", javaHome, "EXTRA_PATH", extraPath), words);
  }

  /// Runs the script with a PATH that has the tools it needs and no Java.
  private Answer run(Map<String, String> environment, List<String> words) throws IOException {
    Path tools = Files.createDirectories(root.resolve("tools"));
    for (String tool : List.of("sed", "readlink", "dirname")) {
      Path link = tools.resolve(tool);
      if (!Files.exists(link)) {
        Files.createSymbolicLink(link, Path.of("/usr/bin", tool));
      }
    }
    List<String> command = new ArrayList<>(List.of("/bin/sh", SCRIPT.toString()));
    command.addAll(words);
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().clear();
    builder.environment().putAll(environment);
    String extra = environment.getOrDefault("EXTRA_PATH", "");
    builder.environment().put("PATH", extra.isEmpty() ? tools.toString() : extra + ":" + tools);
    Path out = root.resolve("out.txt");
    Path err = root.resolve("err.txt");
    Process process = builder.redirectOutput(out.toFile()).redirectError(err.toFile()).start();
    try {
      int code = process.waitFor();
      return new Answer(code, Files.readString(out), Files.readString(err));
    } catch (InterruptedException e) {
      throw new IOException("interrupted", e);
    }
  }
}
