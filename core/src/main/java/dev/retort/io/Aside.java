package dev.retort.io;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.UUID;

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
      Folders.delete(aside);
      Folders.delete(old);
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
}
