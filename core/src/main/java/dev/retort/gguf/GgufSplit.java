package dev.retort.gguf;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/// A model in several files, whose names end in `-00001-of-00004.gguf`.
///
/// @param prefix the path before that
/// @param count how many files there are
/// @param tensors how many tensors they hold together, if they say
record GgufSplit(Path folder, String prefix, int count, Optional<Integer> tensors) {

  private static final String COUNT = "split.count";
  private static final String NUMBER = "split.no";
  private static final String TENSORS = "split.tensors.count";
  private static final Pattern NAME = Pattern.compile("(.*)-(\\d{5})-of-(\\d{5})\\.gguf");

  /// The split model that `file` belongs to, or empty if it is a whole model.
  static Optional<GgufSplit> of(Path file, GgufMetadata metadata) throws GgufException {
    int count = metadata.findSize(COUNT).orElse(1);
    if (count <= 1) {
      return Optional.empty();
    }
    Path absolute = file.toAbsolutePath();
    Matcher name = NAME.matcher(String.valueOf(absolute.getFileName()));
    if (!name.matches() || Integer.parseInt(name.group(3)) != count) {
      throw new GgufException(
          "%s: this is one of %d files of a split model, so its name must end in -00001-of-%05d.gguf or the like; give the files their names back"
              .formatted(file, count, count));
    }
    return Optional.of(
        new GgufSplit(
            absolute.resolveSibling(""), name.group(1), count, metadata.findSize(TENSORS)));
  }

  /// The files in order.
  List<Path> files() {
    return IntStream.rangeClosed(1, count)
        .mapToObj(number -> folder.resolve("%s-%05d-of-%05d.gguf".formatted(prefix, number, count)))
        .toList();
  }

  /// Checks that `file` says it is file `number` of this model, counted from 0.
  void requirePart(int number, Path file, GgufMetadata metadata) throws GgufException {
    int found = metadata.findSize(COUNT).orElse(1);
    int place = metadata.findSize(NUMBER).orElse(0);
    if (found != count || place != number) {
      throw new GgufException(
          "%s: expected file %d of %d, found file %d of %d; fetch the files of one model again"
              .formatted(file, number + 1, count, place + 1, found));
    }
  }

  /// Checks that all files together hold as many tensors as they say.
  void requireAll(int found) throws GgufException {
    if (tensors.isPresent() && tensors.get() != found) {
      throw new GgufException(
          "%s: the %d files should hold %d tensors, but hold %d; fetch them again"
              .formatted(files().getFirst(), count, tensors.get(), found));
    }
  }
}
