package dev.retort.data;

import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// A folder of small data files, and the settings to read them with.
record DataFolder(Path folder) {

  static DataSettings settings(String train) {
    return settings(train, "text", "label");
  }

  static DataSettings settings(String train, String text, String label) {
    return new DataSettings(
        train,
        Optional.empty(),
        Optional.empty(),
        text,
        Optional.empty(),
        Optional.of(label),
        Optional.empty(),
        Leakage.DROP);
  }

  static DataSettings withPair(DataSettings settings, String pair) {
    return new DataSettings(
        settings.train(),
        settings.validation(),
        settings.test(),
        settings.text(),
        Optional.of(pair),
        settings.label(),
        settings.quotes(),
        settings.leakage());
  }

  static DataSettings withTest(DataSettings settings, String test, Leakage leakage) {
    return new DataSettings(
        settings.train(),
        settings.validation(),
        Optional.of(SplitSource.parse(test)),
        settings.text(),
        settings.pair(),
        settings.label(),
        settings.quotes(),
        leakage);
  }

  static DataSettings withShares(String validation, String test) {
    return new DataSettings(
        "train.csv",
        Optional.of(SplitSource.parse(validation)),
        Optional.of(SplitSource.parse(test)),
        "text",
        Optional.empty(),
        Optional.of("label"),
        Optional.empty(),
        Leakage.DROP);
  }

  DataFolder write(String name, String content) throws IOException {
    return write(name, content.getBytes(StandardCharsets.UTF_8));
  }

  DataFolder write(String name, byte[] content) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    Files.write(file, content);
    return this;
  }

  Path file(String name) {
    return folder.resolve(name);
  }

  Splits read(DataSettings settings) throws IOException {
    return Splits.read(settings, folder, 7);
  }

  List<Example> examples(DataSettings settings) throws IOException {
    return read(settings).train().examples();
  }

  /// The messages of what is wrong, without the path of the folder.
  List<String> problems(DataSettings settings) {
    DataException failure = catchThrowableOfType(DataException.class, () -> read(settings));
    return failure.problems().stream().map(this::shown).toList();
  }

  /// What a user reads, without the path of the folder.
  String shown(Finding finding) {
    return finding.toString().replace(folder + "/", "");
  }
}
