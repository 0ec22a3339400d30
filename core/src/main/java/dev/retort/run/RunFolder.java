package dev.retort.run;

import dev.retort.io.Aside;
import dev.retort.recipe.Recipe;
import dev.retort.recipe.Recipes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/// What a run leaves behind.
///
/// ```
/// recipe.yaml            every default filled in
/// run.json               provenance
/// metrics.jsonl          every step and validation
/// events.out.tfevents.*  the same for TensorBoard
/// generations.jsonl      what a student wrote itself to learn from
/// phases/NAME/           weights of each phase, or its checkpoint while it is trained
/// student/               the student in Hugging Face layout, with its model card
/// adapter/               adapters of a student with LoRA, as PEFT reads them
/// export/onnx/           what retort-runtime opens; export/static/ of a static student
/// report.html .md .json
/// ```
///
/// @param root the folder
public record RunFolder(Path root) {

  private static final DateTimeFormatter ID =
      DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss", Locale.ROOT);

  /// Makes a new folder for a run of `recipe` below `runs`.
  public static RunFolder create(Path runs, Recipe recipe) throws IOException {
    String stem = recipe.name() + "-" + LocalDateTime.now(ZoneId.systemDefault()).format(ID);
    Path root = runs.resolve(stem);
    for (int i = 2; Files.exists(root); i++) {
      root = runs.resolve(stem + "-" + i);
    }
    Files.createDirectories(root);
    RunFolder folder = new RunFolder(root);
    Aside.file(folder.recipe(), aside -> Files.writeString(aside, Recipes.write(recipe)));
    return folder;
  }

  /// The newest folder below `runs` with an unfinished run of exactly this recipe.
  public static Optional<RunFolder> unfinished(Path runs, Recipe recipe) throws IOException {
    if (!Files.isDirectory(runs)) {
      return Optional.empty();
    }
    String text = Recipes.write(recipe);
    List<Path> candidates;
    try (Stream<Path> children = Files.list(runs)) {
      candidates =
          children
              .filter(child -> child.getFileName().toString().startsWith(recipe.name() + "-"))
              .sorted(Comparator.reverseOrder())
              .toList();
    }
    for (Path candidate : candidates) {
      RunFolder folder = new RunFolder(candidate);
      if (Files.exists(folder.recipe())
          && !Files.exists(folder.reportJson())
          && Files.readString(folder.recipe()).equals(text)) {
        return Optional.of(folder);
      }
    }
    return Optional.empty();
  }

  /// The recipe with every default filled in.
  public Path recipe() {
    return root.resolve("recipe.yaml");
  }

  /// Where the run's numbers come from.
  public Path provenance() {
    return root.resolve("run.json");
  }

  /// What the student wrote itself to learn from.
  public Path generations() {
    return root.resolve("generations.jsonl");
  }

  /// The folder of a training phase.
  Path phase(String name) {
    return root.resolve("phases").resolve(name);
  }

  /// The student in Hugging Face layout.
  public Path student() {
    return root.resolve("student");
  }

  /// The adapters of a student that was trained with them, beside their merged weights in
  /// [#student].
  public Path adapter() {
    return root.resolve("adapter");
  }

  /// The exported ONNX folder.
  public Path onnx() {
    return root.resolve("export/onnx");
  }

  /// The exported static student.
  public Path staticStudent() {
    return root.resolve("export/static");
  }

  /// The student that a finished run hands over, in the layout of its kind.
  public Path delivered() {
    return Files.exists(staticStudent()) ? staticStudent() : student();
  }

  /// The report for people.
  public Path reportHtml() {
    return root.resolve("report.html");
  }

  /// The report for pull requests.
  public Path reportMarkdown() {
    return root.resolve("report.md");
  }

  /// The report for programs; its presence says that the run is finished.
  public Path reportJson() {
    return root.resolve("report.json");
  }

  /// What `file` is called within this folder.
  String relative(Path file) {
    return root.relativize(file).toString();
  }
}
