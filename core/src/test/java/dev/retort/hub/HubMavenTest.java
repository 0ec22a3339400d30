package dev.retort.hub;

import static dev.retort.hub.FakeHub.requests;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HubMavenTest {

  private static final Address.Maven TINY = new Address.Maven("org.acme", "tiny", "1.0");
  private static final String PATH = "org/acme/tiny/1.0/tiny-1.0.jar";
  private static final String URL = "maven2/" + PATH;
  private static final byte[] JAR = "jar".getBytes(StandardCharsets.UTF_8);

  @TempDir Path folder;
  private FakeHub fake;

  @BeforeEach
  void start() throws IOException {
    fake = new FakeHub();
  }

  @AfterEach
  void stop() {
    fake.close();
  }

  @Test
  void downloadsOnceAndChecksTheSha1() throws Exception {
    fake.with(URL, JAR).with(URL + ".sha1", FakeHub.sha1(JAR));

    Path jar = fake.client(folder).fetch(TINY, Progress.none());

    assertThat(jar).isEqualTo(folder.resolve("retort/maven").resolve(PATH)).hasContent("jar");
    requests(fake.hub);
    assertThat(fake.client(folder).fetch(TINY, Progress.none())).isEqualTo(jar);
    assertThat(requests(fake.hub)).isEmpty();
  }

  @Test
  void prefersTheSha256() throws Exception {
    fake.with(URL, JAR).with(URL + ".sha256", FakeHub.sha256(JAR)).with(URL + ".sha1", "unused");

    fake.client(folder).fetch(TINY, Progress.none());

    assertThat(requests(fake.hub)).containsExactly("GET /" + URL + ".sha256", "GET /" + URL);
  }

  @Test
  void readsTheLocalRepositoryFirst() throws Exception {
    Path local = folder.resolve("m2").resolve(PATH);
    Files.createDirectories(local.getParent());
    Files.write(local, JAR);

    assertThat(fake.client(folder).fetch(TINY, Progress.none())).isEqualTo(local);
    assertThat(requests(fake.hub)).isEmpty();
  }

  @Test
  void removesAJarWithTheWrongChecksum() {
    fake.with(URL, JAR).with(URL + ".sha1", "0".repeat(40));

    assertThatThrownBy(() -> fake.client(folder).fetch(TINY, Progress.none()))
        .isInstanceOf(HubException.class)
        .hasMessageContaining("maven:org.acme:tiny:1.0, file tiny-1.0.jar")
        .hasMessageContaining("expected sha1 " + "0".repeat(40));

    Path target = folder.resolve("retort/maven").resolve(PATH);
    assertThat(target).doesNotExist();
    assertThat(target.resolveSibling("tiny-1.0.jar.incomplete")).doesNotExist();
  }

  @Test
  void refusesAChecksumThatIsNone() {
    fake.with(URL, JAR).with(URL + ".sha1", "<html>sign in</html>");

    assertThatThrownBy(() -> fake.client(folder).fetch(TINY, Progress.none()))
        .isInstanceOf(HubException.class)
        .hasMessageContaining("the checksum beside")
        .hasMessageContaining("RETORT_MAVEN_URL");
  }

  @Test
  void explainsAMissingArtifact() {
    assertThatThrownBy(() -> fake.client(folder).fetch(TINY, Progress.none()))
        .isInstanceOf(HubException.class)
        .hasMessageContaining("maven:org.acme:tiny:1.0")
        .hasMessageContaining("answered 404; check group, artifact and version");
  }

  @Test
  void neverShowsTheTokenToAMavenRepository() throws Exception {
    fake.with(URL, JAR).with(URL + ".sha1", FakeHub.sha1(JAR));

    fake.client(fake.settings(folder, "hf_secret", false)).fetch(TINY, Progress.none());

    assertThat(FakeHub.recorded(fake.hub))
        .isNotEmpty()
        .allSatisfy(r -> assertThat(r.getHeaders().names()).doesNotContain("Authorization"));
  }

  @Test
  void saysOfflineWhereItLooked() {
    assertThatThrownBy(
            () -> fake.client(fake.settings(folder, "", true)).fetch(TINY, Progress.none()))
        .isInstanceOf(HubException.class)
        .hasMessageContaining(folder.resolve("m2").resolve(PATH).toString())
        .hasMessageContaining(folder.resolve("retort/maven").resolve(PATH).toString());
  }
}
