package dev.retort.hub;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;

/// Writes files and folders under a temporary name and renames them when they are complete, so that
/// no reader ever meets a half-written one.
public final class Aside {

  /// Writes the content of a file or folder.
  @FunctionalInterface
  public interface Content {

    /// Writes to `aside`: a file to be created, or an empty folder to be filled.
    void write(Path aside) throws IOException;
  }

  private Aside() {}

  /// Writes `target` as a whole, replacing an older file and creating the folders above it.
  public static void file(Path target, Content content) throws IOException {
    Path aside = beside(target);
    try {
      content.write(aside);
      try (FileChannel channel = FileChannel.open(aside, StandardOpenOption.WRITE)) {
        channel.force(true);
      }
      Files.move(aside, target, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(aside);
    }
  }

  /// Fills the folder `target` as a whole, replacing an older one.
  public static void folder(Path target, Content content) throws IOException {
    Path aside = beside(target);
    Path old = beside(target);
    try {
      content.write(Files.createDirectory(aside));
      if (Files.exists(target)) {
        Files.move(target, old);
      }
      Files.move(aside, target, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      delete(aside);
      delete(old);
    }
  }

  private static Path beside(Path target) throws IOException {
    Path absolute = target.toAbsolutePath();
    Path parent = absolute.getParent();
    if (parent == null) {
      throw new IOException("cannot write " + target + ": it is the root of the file system");
    }
    Files.createDirectories(parent);
    return parent.resolve(".%s.%s".formatted(absolute.getFileName(), UUID.randomUUID()));
  }

  private static void delete(Path folder) throws IOException {
    if (!Files.exists(folder)) {
      return;
    }
    try (Stream<Path> files = Files.walk(folder)) {
      List<Path> leavesFirst = files.sorted(Comparator.reverseOrder()).toList();
      for (Path file : leavesFirst) {
        Files.delete(file);
      }
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }
}
