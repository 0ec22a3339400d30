package dev.retort.hub;

import java.net.URI;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Where downloads come from and where they are kept.
///
/// @param folders the caches
/// @param endpoint the Hugging Face hub
/// @param token the user's token for that hub; it is sent to no other host and never shown
/// @param mavenRepository the base URL of the Maven repository
/// @param offline whether only the caches may be used
public record HubSettings(
    Folders folders, URI endpoint, Optional<String> token, URI mavenRepository, boolean offline) {

  private static final Set<String> TRUE = Set.of("1", "ON", "YES", "TRUE");

  /// The folders that downloads are looked up and kept in.
  ///
  /// @param huggingFace Hugging Face's own cache, shared with its other clients
  /// @param retort Retort's cache
  /// @param localMaven the local repository of Maven, which is only read
  public record Folders(Path huggingFace, Path retort, Path localMaven) {}

  /// Reads `HF_HOME`, `HF_TOKEN`, `HF_ENDPOINT`, `HF_HUB_OFFLINE`, `RETORT_HOME` and
  /// `RETORT_MAVEN_URL`; an empty variable counts as unset.
  ///
  /// @param home the user's home folder, which the default folders are in
  /// @throws IllegalArgumentException when a variable holds no http(s) URL where one is expected
  public static HubSettings fromEnvironment(Map<String, String> environment, Path home) {
    Variables variables = new Variables(environment);
    Path cache = home.resolve(".cache");
    Folders folders =
        new Folders(
            variables.path("HF_HOME", cache.resolve("huggingface")).resolve("hub"),
            variables.path("RETORT_HOME", cache.resolve("retort")),
            home.resolve(".m2").resolve("repository"));
    return new HubSettings(
        folders,
        variables.url("HF_ENDPOINT", "https://huggingface.co"),
        variables.get("HF_TOKEN"),
        variables.url("RETORT_MAVEN_URL", "https://repo.maven.apache.org/maven2"),
        variables
            .get("HF_HUB_OFFLINE")
            .map(String::toUpperCase)
            .filter(TRUE::contains)
            .isPresent());
  }

  /// Everything but the token.
  @Override
  public String toString() {
    return "HubSettings[folders=%s, endpoint=%s, token=%s, mavenRepository=%s, offline=%s]"
        .formatted(
            folders, endpoint, token.isPresent() ? "set" : "unset", mavenRepository, offline);
  }

  private record Variables(Map<String, String> environment) {

    Optional<String> get(String name) {
      return Optional.ofNullable(environment.get(name))
          .map(String::strip)
          .filter(v -> !v.isEmpty());
    }

    Path path(String name, Path otherwise) {
      return get(name).map(Path::of).orElse(otherwise);
    }

    URI url(String name, String otherwise) {
      String text = get(name).orElse(otherwise);
      String trimmed = text.endsWith("/") ? text.substring(0, text.length() - 1) : text;
      if (!trimmed.matches("https?://[^\\s/?#]+[^\\s?#]*")) {
        throw new IllegalArgumentException(
            "%s='%s' is not an http or https URL; unset it to use %s"
                .formatted(name, text, otherwise));
      }
      return URI.create(trimmed);
    }
  }
}
