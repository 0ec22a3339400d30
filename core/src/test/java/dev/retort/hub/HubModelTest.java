package dev.retort.hub;

import static dev.retort.hub.FakeHub.COMMIT;
import static dev.retort.hub.FakeHub.MODEL;
import static dev.retort.hub.FakeHub.requests;
import static dev.retort.hub.FakeHub.sha256;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HubModelTest {

  private static final Progress SILENT = Progress.none();

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
  void laysAModelOutLikeHuggingFace() throws IOException {
    fake.withModel();

    Path snapshot = fake.client(folder).fetch(MODEL, SILENT);

    Path model = folder.resolve("hf/models--acme--tiny");
    assertThat(snapshot).isEqualTo(model.resolve("snapshots").resolve(COMMIT));
    assertThat(model.resolve("refs/main")).hasContent(COMMIT);
    assertThat(snapshot.resolve("config.json")).hasContent("{\"model_type\":\"bert\"}");
    assertThat(snapshot.resolve("1_Pooling/config.json")).isRegularFile();
    byte[] weights = FakeHub.weights(100_000);
    assertThat(snapshot.resolve("model.safetensors")).hasBinaryContent(weights);
    assertThat(Files.readSymbolicLink(snapshot.resolve("model.safetensors")))
        .isEqualTo(Path.of("../../blobs", sha256(weights)));
    assertThat(snapshot.resolve("README.md")).doesNotExist();
    assertThat(snapshot.resolve("pytorch_model.bin")).doesNotExist();
  }

  @Test
  void asksNothingAboutACachedCommit() throws Exception {
    fake.withModel();
    Address.HuggingFace fixed = new Address.HuggingFace("acme/tiny", COMMIT);
    Path first = fake.client(folder).fetch(fixed, SILENT);
    requests(fake.hub);
    requests(fake.storage);

    assertThat(fake.client(folder).fetch(fixed, SILENT)).isEqualTo(first);

    assertThat(requests(fake.hub)).isEmpty();
    assertThat(requests(fake.storage)).isEmpty();
  }

  @Test
  void followsABranchThatMovedAndKeepsWhatDidNotChange() throws Exception {
    fake.withModel();
    Path first = fake.client(folder).fetch(MODEL, SILENT);
    requests(fake.hub);
    assertThat(fake.client(folder).fetch(MODEL, SILENT)).isEqualTo(first);
    assertThat(requests(fake.hub)).containsExactly("GET /api/models/acme/tiny/revision/main");

    requests(fake.storage);
    fake.commit = "f".repeat(40);
    fake.with("config.json", "{\"model_type\":\"roberta\"}");
    Path second = fake.client(folder).fetch(MODEL, SILENT);

    assertThat(second.getFileName()).hasToString("f".repeat(40));
    assertThat(second.resolve("config.json")).hasContent("{\"model_type\":\"roberta\"}");
    assertThat(first.resolve("config.json")).hasContent("{\"model_type\":\"bert\"}");
    assertThat(requests(fake.storage)).isEmpty();
  }

  @Test
  void fetchesTheShardsThatTheIndexNames() throws IOException {
    fake.with("config.json", "{}")
        .with(
            ModelFiles.INDEX,
            "{\"weight_map\":{\"a\":\"model-00001-of-00002.safetensors\","
                + "\"b\":\"model-00002-of-00002.safetensors\","
                + "\"c\":\"model-00001-of-00002.safetensors\"}}")
        .with("model-00001-of-00002.safetensors", "one")
        .with("model-00002-of-00002.safetensors", "two")
        .with("model-00009-of-00009.safetensors", "stale");

    Path snapshot = fake.client(folder).fetch(MODEL, SILENT);

    assertThat(snapshot.resolve("model-00001-of-00002.safetensors")).hasContent("one");
    assertThat(snapshot.resolve("model-00002-of-00002.safetensors")).hasContent("two");
    assertThat(snapshot.resolve("model-00009-of-00009.safetensors")).doesNotExist();
  }

  @Test
  void fetchesFilesByName() throws IOException {
    fake.withModel();
    Hub hub = fake.client(folder);

    Path snapshot = hub.fetch(MODEL, List.of("README.md"), SILENT);

    assertThat(snapshot.resolve("README.md")).hasContent("# Tiny");
    assertThat(snapshot.resolve("config.json")).doesNotExist();
    assertThatThrownBy(() -> hub.fetch(MODEL, List.of("readme"), SILENT))
        .isInstanceOf(HubException.class)
        .hasMessageContaining("hf:acme/tiny@main has no file 'readme'; it has [config.json");
  }

  @Test
  void refusesARepositoryWithoutSafetensors() {
    fake.with("config.json", "{}").with("pytorch_model.bin", "pickle");

    assertThatThrownBy(() -> fake.client(folder).fetch(MODEL, SILENT))
        .isInstanceOf(HubException.class)
        .hasMessageContaining("hf:acme/tiny@main: expected model.safetensors or")
        .hasMessageContaining("found [pytorch_model.bin]");
  }

  @Test
  void refusesARepositoryWithoutConfiguration() {
    fake.with("README.md", "# Data");

    assertThatThrownBy(() -> fake.client(folder).fetch(MODEL, SILENT))
        .isInstanceOf(HubException.class)
        .hasMessageContaining("no config.json");
  }

  @Test
  void refusesFileNamesThatLeaveTheCache() {
    fake.withModel().with("../../evil.json", "{}");

    assertThatThrownBy(() -> fake.client(folder).fetch(MODEL, SILENT))
        .isInstanceOf(HubException.class)
        .hasMessageContaining("without a commit hash and usable file names");
  }

  @Test
  void refusesAnAnswerThatIsNotJson() {
    fake.fail("/revision/main", FakeHub.content("<html>".getBytes(StandardCharsets.UTF_8)));

    assertThatThrownBy(() -> fake.client(folder).fetch(MODEL, SILENT))
        .isInstanceOf(HubException.class)
        .hasMessageContaining("not JSON; check HF_ENDPOINT");
  }

  @Test
  void showsTheTokenToTheHubAlone() throws Exception {
    fake.withModel();

    fake.client(fake.settings(folder, "hf_secret", false)).fetch(MODEL, SILENT);

    assertThat(FakeHub.recorded(fake.hub))
        .isNotEmpty()
        .allSatisfy(request ->
            assertThat(request.getHeaders().get("Authorization")).isEqualTo("Bearer hf_secret"));
    assertThat(FakeHub.recorded(fake.storage))
        .isNotEmpty()
        .allSatisfy(r -> assertThat(r.getHeaders().names()).doesNotContain("Authorization"));
  }

  @Test
  void followsRedirectsWithinTheHub() throws IOException {
    fake.withModel();
    String moved = "Location: ../" + COMMIT + "/tokenizer.json";
    fake.fail(
        "/" + COMMIT + "/config.json", FakeHub.status(307, moved), FakeHub.status(307, moved));

    Path snapshot = fake.client(folder).fetch(MODEL, SILENT);

    assertThat(snapshot.resolve("config.json")).hasContent("{}");
  }

  @Test
  void explainsAGatedModel() {
    fake.fail("/revision/main", FakeHub.status(401, "X-Error-Code: GatedRepo"));

    assertThatThrownBy(() -> fake.client(folder).fetch(MODEL, SILENT))
        .isInstanceOf(HubException.class)
        .hasMessageContaining("hf:acme/tiny@main")
        .hasMessageContaining("401 GatedRepo")
        .hasMessageContaining("set HF_TOKEN");
  }

  @Test
  void explainsAMissingModelRevisionAndFile() {
    fake.withModel();
    fake.fail(
        "/revision/main",
        FakeHub.status(404, "X-Error-Code: RepoNotFound"),
        FakeHub.status(404, "X-Error-Code: RevisionNotFound"));
    fake.fail("/config.json", FakeHub.status(404, "X-Error-Code: EntryNotFound"));
    Hub hub = fake.client(folder);

    assertThatThrownBy(() -> hub.fetch(MODEL, SILENT))
        .hasMessageContaining("there is no such model or revision");
    assertThatThrownBy(() -> hub.fetch(MODEL, SILENT))
        .hasMessageContaining("the model has no revision 'main'");
    assertThatThrownBy(() -> hub.fetch(MODEL, SILENT))
        .hasMessageContaining("the file is not in the repository");
  }

  @Test
  void worksOfflineFromTheCache() throws Exception {
    fake.withModel();
    Path first = fake.client(folder).fetch(MODEL, SILENT);
    requests(fake.hub);
    Hub offline = fake.client(fake.settings(folder, "", true));

    assertThat(offline.fetch(MODEL, SILENT)).isEqualTo(first);

    Files.delete(first.resolve("tokenizer.json"));
    assertThatThrownBy(() -> offline.fetch(MODEL, SILENT))
        .isInstanceOf(HubException.class)
        .hasMessageContaining("offline, and [tokenizer.json] is not in");
    assertThat(requests(fake.hub)).isEmpty();
  }

  @Test
  void worksOfflineFromACacheThatAnotherClientFilled() throws IOException {
    Path model = folder.resolve("hf/models--acme--tiny");
    Path snapshot = Files.createDirectories(model.resolve("snapshots").resolve(COMMIT));
    Files.writeString(snapshot.resolve("config.json"), "{}");
    Files.writeString(snapshot.resolve(ModelFiles.WEIGHTS), "w");
    Files.createDirectories(model.resolve("refs"));
    Files.writeString(model.resolve("refs/main"), COMMIT);

    assertThat(fake.client(fake.settings(folder, "", true)).fetch(MODEL, SILENT))
        .isEqualTo(snapshot);
  }

  @Test
  void saysOfflineWhatItDoesNotKnow() {
    assertThatThrownBy(() -> fake.client(fake.settings(folder, "", true)).fetch(MODEL, SILENT))
        .isInstanceOf(HubException.class)
        .hasMessageContaining("offline, and revision 'main' of the model is not in")
        .hasMessageContaining("HF_HUB_OFFLINE");
  }
}
