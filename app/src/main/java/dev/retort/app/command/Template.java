package dev.retort.app.command;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/// A recipe to begin with. Its text is that of a file in the repository's folder `recipes`.
enum Template {
  /// Texts with labels.
  CLASSIFICATION("own-data.yaml", "train.csv with the columns text and label"),
  /// Pairs of texts with labels.
  PAIR("pair.yaml", "train.tsv with the columns #1 String, #2 String and Quality"),
  /// The data and recipe of `retort demo`.
  DEMO("demo.yaml", "nothing: the data are there");

  private static final String FOLDER = "/dev/retort/app/recipes/";

  private final String file;
  private final String data;

  Template(String file, String data) {
    this.file = file;
    this.data = data;
  }

  /// What the user has to put beside the recipe.
  String data() {
    return data;
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
