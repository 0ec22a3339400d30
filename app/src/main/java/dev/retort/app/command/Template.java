package dev.retort.app.command;

import dev.retort.app.exit.UsageException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/// A recipe to begin with. Its text is that of a file in the repository's folder `recipes`.
enum Template {
  /// Texts with labels.
  CLASSIFICATION("own-data.yaml", "put train.csv, with the columns text and label, beside it"),
  /// Pairs of texts with labels.
  PAIR("pair.yaml", "put train.tsv, with the columns that the recipe names, beside it"),
  /// The data and recipe of `retort demo`.
  DEMO("demo.yaml", "look at recipe.yaml and train.csv");

  private static final String FOLDER = "/dev/retort/app/recipes/";

  private final String file;
  private final String data;

  Template(String file, String data) {
    this.file = file;
    this.data = data;
  }

  /// What the user has to do before the recipe runs.
  String data() {
    return data;
  }

  /// The template of this name.
  static Template named(String name) {
    return Stream.of(values())
        .filter(template -> template.toString().equals(name))
        .findFirst()
        .orElseThrow(() ->
            new UsageException(
                "there is no template '%s'; there are %s".formatted(name, List.of(values()))));
  }

  /// The text of the recipe.
  String recipe() throws IOException {
    try (InputStream text = Template.class.getResourceAsStream(FOLDER + file)) {
      if (text == null) {
        throw new IllegalStateException(FOLDER + file + " is missing from Retort's jar");
      }
      return new String(text.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  /// The name on the command line.
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
