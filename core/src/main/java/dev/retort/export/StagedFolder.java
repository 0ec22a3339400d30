package dev.retort.export;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;

/// A folder that is filled beside its target and put in place when it is complete. Closing it
/// removes what was not put in place.
final class StagedFolder implements AutoCloseable {

  private final Path target;
  private final Path folder;

  private StagedFolder(Path target, Path folder) {
    this.target = target;
    this.folder = folder;
  }

  /// Makes an empty folder beside `target`.
  static StagedFolder beside(Path target) throws IOException {
    Path absolute = target.toAbsolutePath().normalize();
    Path name = absolute.getFileName();
    if (name == null || (Files.exists(absolute) && !Files.isDirectory(absolute))) {
      throw new ExportException("%s is not a folder; choose another place".formatted(target));
    }
    Path folder = absolute.resolveSibling(".%s.%s".formatted(name, UUID.randomUUID()));
    return new StagedFolder(absolute, Files.createDirectories(folder));
  }

  /// Where to write.
  Path path() {
    return folder;
  }

  /// Puts the files in place: in one step if there is no target yet; otherwise file by file, `last`
  /// at the end. Files in the target that are `owned` but not among the new ones are left from an
  /// earlier export and deleted; all others stay.
  void publish(String last, List<String> owned) throws IOException {
    if (!Files.exists(target)) {
      Files.move(folder, target, StandardCopyOption.ATOMIC_MOVE);
      return;
    }
    Path closing = folder.resolve(last);
    List<Path> files = files();
    for (Path file : files) {
      if (!file.equals(closing)) {
        move(file);
      }
    }
    for (String name : owned) {
      if (!files.contains(folder.resolve(name))) {
        Files.deleteIfExists(target.resolve(name));
      }
    }
    move(closing);
  }

  private void move(Path file) throws IOException {
    Path place = target.resolve(folder.relativize(file));
    Files.createDirectories(place.resolveSibling(""));
    Files.move(file, place, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  private List<Path> files() throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.filter(Files::isRegularFile).sorted().toList();
    }
  }

  @Override
  public void close() throws IOException {
    if (!Files.exists(folder)) {
      return;
    }
    try (Stream<Path> paths = Files.walk(folder)) {
      paths.sorted(Comparator.reverseOrder()).forEach(StagedFolder::delete);
    }
  }

  private static void delete(Path path) {
    try {
      Files.delete(path);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
