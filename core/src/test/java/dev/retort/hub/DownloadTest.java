package dev.retort.hub;

import static dev.retort.hub.FakeHub.MODEL;
import static dev.retort.hub.FakeHub.sha256;
import static dev.retort.hub.FakeHub.status;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import mockwebserver3.MockResponse;
import mockwebserver3.RecordedRequest;
import mockwebserver3.SocketEffect;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DownloadTest {

  private static final String FILE = ModelFiles.WEIGHTS;
  private static final byte[] WEIGHTS = FakeHub.weights(100_000);

  @TempDir Path folder;
  private FakeHub fake;
  private Path blobs;

  @BeforeEach
  void start() throws IOException {
    fake = new FakeHub().withModel();
    blobs = Files.createDirectories(folder.resolve("hf/models--acme--tiny/blobs"));
  }

  @AfterEach
  void stop() {
    fake.close();
  }

  @Test
  void continuesAPartialFile() throws Exception {
    Files.write(partial(), Arrays.copyOf(WEIGHTS, 60_000));
    Heard heard = new Heard();

    assertThat(fetch(heard)).hasBinaryContent(WEIGHTS);

    assertThat(ranges()).containsExactly("bytes=60000-");
    assertThat(heard.bytes).isSorted().first().isNotEqualTo(0L);
    assertThat(heard.bytes).last().isEqualTo(100_000L);
  }

  @Test
  void asksForNothingWhenOnlyTheNameIsMissing() throws Exception {
    Files.write(partial(), WEIGHTS);

    assertThat(fetch(new Heard())).hasBinaryContent(WEIGHTS);

    assertThat(ranges()).isEmpty();
  }

  @Test
  void startsAgainWhenTheServerSendsTheWholeFile() throws Exception {
    Files.write(partial(), new byte[60_000]);
    fake.fail("/blobs/" + FILE, FakeHub.content(WEIGHTS));

    assertThat(fetch(new Heard())).hasBinaryContent(WEIGHTS);
  }

  @Test
  void startsAgainWhenThePartIsTooLong() throws Exception {
    Files.write(partial(), new byte[100_001]);

    assertThat(fetch(new Heard())).hasBinaryContent(WEIGHTS);

    assertThat(ranges()).containsExactly("none");
  }

  @Test
  void startsAgainWhenTheServerHasNothingToAdd() throws Exception {
    Files.write(partial(), new byte[60_000]);
    fake.fail("/blobs/" + FILE, status(416));

    assertThat(fetch(new Heard())).hasBinaryContent(WEIGHTS);

    assertThat(ranges()).containsExactly("bytes=60000-", "none");
  }

  @Test
  void survivesABodyThatIsCut() throws Exception {
    MockResponse cut =
        FakeHub.content(Arrays.copyOf(WEIGHTS, 50_000))
            .newBuilder()
            .setHeader("Content-Length", WEIGHTS.length)
            .onResponseEnd(new SocketEffect.CloseSocket())
            .build();
    fake.fail("/blobs/" + FILE, cut, cut);
    Heard heard = new Heard();

    assertThat(fetch(heard)).hasBinaryContent(WEIGHTS);

    assertThat(heard.pauses).hasSize(2);
    assertThat(heard.reasons).allMatch(r -> r.startsWith("hf:acme/tiny@main, file " + FILE));
  }

  @Test
  void survivesAServerThatFallsSilent() throws Exception {
    MockResponse silent =
        FakeHub.content(WEIGHTS).newBuilder().throttleBody(10_000, 1, TimeUnit.HOURS).build();
    fake.fail("/blobs/" + FILE, silent);
    Heard heard = new Heard();
    Hub impatient =
        new Hub(fake.settings(folder, "", false), Duration.ofMillis(1), Duration.ofMillis(500));

    assertThat(impatient.fetch(MODEL, heard).resolve(FILE)).hasBinaryContent(WEIGHTS);

    assertThat(heard.reasons).hasSize(1).first().asString().contains("nothing arrived");
  }

  @Test
  void removesAFileWithTheWrongChecksum() {
    String expected = "a".repeat(64);
    fake.etags.put(FILE, expected);

    assertThatThrownBy(() -> fetch(new Heard()))
        .isInstanceOf(HubException.class)
        .hasMessageContaining("hf:acme/tiny@main, file model.safetensors")
        .hasMessageContaining("expected sha256 " + expected)
        .hasMessageContaining("found sha256 " + sha256(WEIGHTS));

    assertThat(blobs.resolve(expected)).doesNotExist();
    assertThat(blobs.resolve(expected + ".incomplete")).doesNotExist();
  }

  @Test
  void checksSmallFilesAgainstTheirGitHash() {
    fake.etags.put("config.json", "b".repeat(40));

    assertThatThrownBy(() -> fetch(new Heard()))
        .isInstanceOf(HubException.class)
        .hasMessageContaining("expected git blob sha1 " + "b".repeat(40));
  }

  @Test
  void refusesAFileThatCannotBeVerified() {
    fake.etags.put("config.json", "../x");

    assertThatThrownBy(() -> fetch(new Heard()))
        .isInstanceOf(HubException.class)
        .hasMessageContaining("no usable ETag");
  }

  @Test
  void waitsAsLongAsTheServerAsks() throws Exception {
    fake.fail("/revision/main", status(429, "Retry-After: 1"));
    fake.fail("/blobs/" + FILE, status(503, "Retry-After: Wed, 21 Oct 2015 07:28:00 GMT"));
    Heard heard = new Heard();

    assertThat(fetch(heard)).hasBinaryContent(WEIGHTS);

    assertThat(heard.pauses).containsExactly(Duration.ofSeconds(1), Duration.ZERO);
    assertThat(heard.reasons.getFirst()).contains("hf:acme/tiny@main").contains("429");
  }

  @Test
  void doesNotWaitForHours() {
    fake.fail("/revision/main", status(429, "Retry-After: 7200"));

    assertThatThrownBy(() -> fetch(new Heard()))
        .isInstanceOf(HubException.class)
        .hasMessageContaining("asks to wait 7200 s");
  }

  @Test
  void repeatsAfterServerErrorsWithGrowingPauses() throws Exception {
    fake.fail("/" + FILE, status(500), status(502), status(504));
    Heard heard = new Heard();

    assertThat(fetch(heard)).hasBinaryContent(WEIGHTS);

    assertThat(heard.pauses)
        .containsExactly(Duration.ofMillis(1), Duration.ofMillis(2), Duration.ofMillis(4));
  }

  @Test
  void givesUpAfterSixAttempts() throws Exception {
    MockResponse[] errors =
        Stream.generate(() -> status(500)).limit(7).toArray(MockResponse[]::new);
    fake.fail("/revision/main", errors);

    assertThatThrownBy(() -> fetch(new Heard()))
        .isInstanceOf(HubException.class)
        .hasMessageContaining("hf:acme/tiny@main")
        .hasMessageContaining("answered 500, 6 times");
    assertThat(FakeHub.requests(fake.hub)).hasSize(6);
  }

  @Test
  void saysHowMuchSpaceIsMissing() {
    fake.fail(
        "/resolve/" + FakeHub.COMMIT + "/" + FILE,
        status(
            302,
            "Location: " + FakeHub.uri(fake.storage) + "/blobs/" + FILE,
            "X-Linked-Etag: " + sha256(WEIGHTS),
            "X-Linked-Size: 1000000000000000"));
    fake.fail("/blobs/" + FILE, new MockResponse.Builder().chunkedBody("x", 1).build());

    assertThatThrownBy(() -> fetch(new Heard()))
        .isInstanceOf(HubException.class)
        .hasMessageContaining("needs 1,000,000,000,000,000 bytes in " + blobs);
  }

  @Test
  void refusesEndlessRedirects() {
    MockResponse[] loop =
        Stream.generate(() -> status(307, "Location: /api/models/acme/tiny/revision/main"))
            .limit(11)
            .toArray(MockResponse[]::new);
    fake.fail("/revision/main", loop);

    assertThatThrownBy(() -> fetch(new Heard()))
        .isInstanceOf(HubException.class)
        .hasMessageContaining("more than 10 redirects");
  }

  private Path fetch(Progress progress) throws IOException {
    return fake.client(folder).fetch(MODEL, progress).resolve(FILE);
  }

  private Path partial() {
    return blobs.resolve(sha256(WEIGHTS) + ".incomplete");
  }

  private List<String> ranges() throws InterruptedException {
    List<String> ranges = new ArrayList<>();
    for (RecordedRequest request : FakeHub.recorded(fake.storage)) {
      String range = request.getHeaders().get("Range");
      ranges.add(range == null ? "none" : range);
    }
    return ranges;
  }

  /// What a listener heard.
  private static final class Heard implements Progress {
    final List<Long> bytes = new ArrayList<>();
    final List<String> reasons = new ArrayList<>();
    final List<Duration> pauses = new ArrayList<>();

    @Override
    public void downloaded(String file, long count, OptionalLong total) {
      if (file.equals(FILE)) {
        bytes.add(count);
        assertThat(total).hasValue(WEIGHTS.length);
      }
    }

    @Override
    public void waiting(String reason, Duration pause) {
      reasons.add(reason);
      pauses.add(pause);
    }
  }
}
