package dev.retort.app.exit;

import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.util.Optional;

/// Words for what the file system says with the mere class of an exception.
final class FileProblem {

  private FileProblem() {}

  /// Which file, what is wrong with it, and what to do.
  static String of(FileSystemException e) {
    String problem =
        switch (e) {
          case NoSuchFileException _ -> "there is no such file or folder";
          case AccessDeniedException _ ->
              "access denied; check its permissions and those of the folder that it is in";
          case FileAlreadyExistsException _ -> "is in the way; move or delete it";
          case NotDirectoryException _ -> "is not a folder";
          case DirectoryNotEmptyException _ -> "is a folder that is not empty";
          default -> Optional.ofNullable(e.getReason()).orElse("cannot be read or written");
        };
    return e.getFile() == null ? problem : e.getFile() + ": " + problem;
  }
}
