package dev.retort.hub;

import dev.retort.io.Aside;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/// One model's part of Hugging Face's cache: `blobs/` with the contents, `snapshots/COMMIT/` with
/// links to them, and `refs/` with the commits of branches and tags. See [the
/// layout](https://huggingface.co/docs/huggingface_hub/guides/manage-cache).
///
/// @param folder the model's folder in that cache
/// @param listings Retort's own folder for what the model's commits contain
record HubCache(Path folder, Path listings) {

  private static final JsonMapper JSON = JsonMapper.builder().build();

  /// What a commit of a repository contains.
  ///
  /// @param commit the full hash
  /// @param files the names of all files
  record Listing(String commit, List<String> files) {
    Listing {
      files = List.copyOf(files);
    }
  }

  static HubCache of(HubSettings.Folders folders, String id) {
    String name = "models--" + id.replace("/", "--");
    return new HubCache(
        folders.huggingFace().resolve(name), folders.retort().resolve("hub").resolve(name));
  }

  /// Whether a revision is a full commit hash, whose files never change.
  static boolean isCommit(String revision) {
    return revision.matches("[0-9a-f]{40}");
  }

  /// The commit that a revision was when it was last looked up.
  Optional<String> commitOf(String revision) throws IOException {
    if (isCommit(revision)) {
      return Optional.of(revision);
    }
    Path ref = folder.resolve("refs").resolve(revision);
    return Files.isRegularFile(ref)
        ? Optional.of(new String(Files.readAllBytes(ref), StandardCharsets.US_ASCII).strip())
            .filter(HubCache::isCommit)
        : Optional.empty();
  }

  /// Remembers what a revision is and contains.
  void remember(String revision, Listing listing) throws IOException {
    Aside.file(
        listing(listing.commit()),
        aside -> Files.writeString(aside, JSON.writeValueAsString(listing)));
    if (!isCommit(revision)) {
      Path ref = folder.resolve("refs").resolve(revision);
      Aside.file(ref, aside -> Files.writeString(aside, listing.commit()));
    }
  }

  /// The remembered content of a commit; empty when it is unknown or its file is unreadable.
  Optional<Listing> remembered(String commit) throws IOException {
    Path file = listing(commit);
    try {
      return Files.isRegularFile(file)
          ? Optional.of(JSON.readValue(Files.readAllBytes(file), Listing.class))
              .filter(listing -> commit.equals(listing.commit()))
          : Optional.empty();
    } catch (JacksonException damaged) {
      return Optional.empty(); // it is asked for again, or the snapshot speaks for itself
    }
  }

  /// The files of a commit that are here.
  Listing present(String commit) throws IOException {
    Path snapshot = snapshot(commit);
    if (!Files.isDirectory(snapshot)) {
      return new Listing(commit, List.of());
    }
    try (Stream<Path> files = Files.walk(snapshot)) {
      return new Listing(
          commit,
          files
              .filter(Files::isRegularFile)
              .map(file -> snapshot.relativize(file).toString().replace('\\', '/'))
              .sorted()
              .toList());
    }
  }

  Path snapshot(String commit) {
    return folder.resolve("snapshots").resolve(commit);
  }

  Path blob(String etag) {
    return folder.resolve("blobs").resolve(etag);
  }

  /// Makes a blob appear under its name in a snapshot: as a relative link, so that the cache can be
  /// moved, or where links are not allowed as a second name of the same file.
  void link(String commit, String name, Path blob) throws IOException {
    Path file = snapshot(commit).resolve(name);
    Path parent = Objects.requireNonNull(file.getParent(), "a file in a snapshot has a folder");
    Files.createDirectories(parent);
    Files.deleteIfExists(file); // a link to a blob that is gone
    try {
      Files.createSymbolicLink(file, parent.relativize(blob));
    } catch (UnsupportedOperationException | FileSystemException notAllowed) {
      Files.createLink(file, blob);
    }
  }

  private Path listing(String commit) {
    return listings.resolve(commit + ".json");
  }
}
