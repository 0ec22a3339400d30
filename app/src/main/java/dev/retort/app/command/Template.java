package dev.retort.app.command;

import dev.retort.app.exit.UsageException;
import dev.retort.catalog.Suggestion;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/// A recipe to begin with. Its text is that of a file in the repository's folder `recipes`, whose
/// name it bears unless it says another.
enum Template {
  /// Texts with labels.
  CLASSIFICATION("own-data", "put train.csv, with the columns text and label, beside it"),
  /// Pairs of texts with labels.
  PAIR("pair", "put train.tsv, with the columns that the recipe names, beside it"),
  /// The data and recipe of `retort demo`.
  DEMO("demo", "look at recipe.yaml and train.csv"),
  FROM_AN_API,
  LANGUAGE_MODEL,
  CHAT,
  ON_POLICY,
  STEP_BY_STEP,
  PREFERENCES,
  CROSS_TOKENIZER,
  LORA,
  EMBEDDER,
  STATIC,
  NARROW,
  AUGMENTED,
  ENSEMBLE_TO_ONE,
  BORN_AGAIN,
  MEAN_TEACHER,
  DEEP_TO_SHALLOW,
  DISTILBERT,
  TINYBERT,
  MINILM,
  PATIENT_KD,
  BANKING77,
  CLINC150;

  private static final String FOLDER = "/dev/retort/app/recipes/";

  private final String file;
  private final String data;

  Template() {
    this.file = toString();
    this.data = "read recipe.yaml, and put the data that it names beside it";
  }

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
                "there is no template '%s'; there are %s%s"
                    .formatted(name, names(), Suggestion.suffix(name, names()))));
  }

  private static List<String> names() {
    return Stream.of(values()).map(Template::toString).toList();
  }

  /// The text of the recipe.
  String recipe() throws IOException {
    try (InputStream text = Template.class.getResourceAsStream(path())) {
      if (text == null) {
        throw new IllegalStateException(path() + " is missing from Retort's jar");
      }
      return new String(text.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private String path() {
    return FOLDER + file + ".yaml";
  }

  /// The name on the command line.
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
