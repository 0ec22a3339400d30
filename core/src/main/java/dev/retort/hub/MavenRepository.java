package dev.retort.hub;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalLong;

/// A Maven repository, behind the local repository of Maven and Retort's own cache.
///
/// @param settings the repository and the caches
/// @param web the connection to the repository
/// @param retries how faults are handled
record MavenRepository(HubSettings settings, Web web, Retries retries) {

  /// The jar of `artifact`, downloaded when neither cache has it.
  Path jar(Address.Maven artifact) throws IOException {
    String name = artifact.artifact() + "-" + artifact.version() + ".jar";
    String path =
        String.join(
            "/", artifact.group().replace('.', '/'), artifact.artifact(), artifact.version(), name);
    Path local = settings.folders().localMaven().resolve(path);
    Path cached = settings.folders().retort().resolve("maven").resolve(path);
    if (Files.isRegularFile(local) || Files.isRegularFile(cached)) {
      return Files.isRegularFile(local) ? local : cached;
    }
    if (settings.offline()) {
      throw new HubException(
          "%s: offline, and the jar is neither %s nor %s; fetch it once without HF_HUB_OFFLINE"
              .formatted(artifact.text(), local, cached));
    }
    URI uri = URI.create(settings.mavenRepository() + "/" + path);
    Reply.Refusal refusal = (status, code) -> explain(artifact, uri, status);
    Download.Subject subject = new Download.Subject(artifact, name, OptionalLong.empty());
    Checksum checksum = checksum(artifact, uri, refusal);
    new Download(subject, uri, cached, Optional.of(checksum), refusal).run(web, retries);
    return cached;
  }

  /// The published SHA-256, or where there is none the SHA-1, which every Maven repository has.
  private Checksum checksum(Address.Maven artifact, URI jar, Reply.Refusal refusal)
      throws IOException {
    String subject = artifact.text();
    URI sha256 = URI.create(jar + ".sha256");
    URI sha1 = URI.create(jar + ".sha1");
    Optional<String> offered = retries.run(subject, () -> web.textIfFound(sha256, refusal));
    Optional<Checksum> checksum =
        offered.isPresent()
            ? Checksum.ofPublished(Checksum.Kind.SHA256, offered.get())
            : Checksum.ofPublished(
                Checksum.Kind.SHA1, retries.run(subject, () -> web.text(sha1, refusal)));
    return checksum.orElseThrow(() ->
        new HubException(
            "%s: the checksum beside %s is not one; check RETORT_MAVEN_URL"
                .formatted(subject, jar)));
  }

  private static String explain(Address.Maven artifact, URI uri, int status) {
    return "%s: %s answered %d; %s"
        .formatted(
            artifact.text(),
            uri,
            status,
            status == 404
                ? "check group, artifact and version, or set RETORT_MAVEN_URL"
                : "check RETORT_MAVEN_URL and your access to it");
  }
}
