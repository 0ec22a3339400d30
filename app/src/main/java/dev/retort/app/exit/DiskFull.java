package dev.retort.app.exit;

import java.io.File;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Pattern;

/// Recognises a full disk, which comes in many exceptions, often as the cause of another.
final class DiskFull {

  /// What Linux and macOS, their quotas, Windows, and SQLite say.
  private static final Pattern WORDS =
      Pattern.compile(
          "No space left on device|Disk quota exceeded|There is not enough space on the disk"
              + "|database or disk is full");

  private DiskFull() {}

  /// The failure, if `thrown` or one of its causes is about a full disk.
  static Optional<Failure> in(Throwable thrown) {
    return Causes.of(thrown)
        .filter(cause -> WORDS.matcher(String.valueOf(cause.getMessage())).find())
        .findFirst()
        .map(cause -> new Failure(ExitCode.DATA, message(cause, thrown), true));
  }

  private static String message(Throwable cause, Throwable thrown) {
    Optional<Path> file = file(cause).or(() -> file(thrown));
    String place = file.map(path -> " while writing " + path).orElse("");
    File disk = existing(file.orElse(Path.of("")).toAbsolutePath());
    return "the disk is full%s: %,d MB are free in %s\n"
            .formatted(place, disk.getUsableSpace() / 1_000_000, disk)
        + "Nothing that was finished is lost: every file is written aside and renamed when it is"
        + " whole.\nMake room and run the same command again.";
  }

  private static Optional<Path> file(Throwable thrown) {
    return thrown instanceof FileSystemException e
        ? Optional.ofNullable(e.getFile()).map(Path::of)
        : Optional.empty();
  }

  private static File existing(Path path) {
    Path found = path;
    while (!found.toFile().isDirectory() && found.getParent() != null) {
      found = found.getParent();
    }
    return found.toFile();
  }
}
