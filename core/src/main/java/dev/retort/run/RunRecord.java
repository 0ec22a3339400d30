package dev.retort.run;

import dev.retort.data.TokenizedDataset;
import dev.retort.io.Aside;
import dev.retort.recipe.Plan;
import dev.retort.recipe.Recipe;
import dev.retort.report.Environment;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/// `run.json`: what a run needs to be understood, and gone on from, after the fact.
///
/// @param recipeFolder where the recipe's relative paths start
/// @param started when the run began
/// @param teachers hash of the weights, tokenizer and length limit of each teacher, by name
/// @param studentModel hash of the model that the student was made of, if not the teacher's
/// @param dataHashes content hash of every split
/// @param seeds seeds by purpose
/// @param versions versions by name
/// @param processor model of the processor
/// @param labels the labels in the order of the logits
public record RunRecord(
    String recipeFolder,
    Instant started,
    Map<String, String> teachers,
    Optional<String> studentModel,
    Map<String, String> dataHashes,
    Map<String, Long> seeds,
    Map<String, String> versions,
    String processor,
    List<String> labels) {

  private static final JsonMapper JSON =
      JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

  /// The record of a run of `plan` whose teachers have these fingerprints.
  static RunRecord of(
      Plan plan, Path recipeFolder, RunData data, Map<String, String> teachers, Instant started)
      throws IOException {
    Optional<String> other =
        plan.source().equals(plan.teacher()) && !plan.recipe().mainTeacher().isRemote()
            ? Optional.empty()
            : Optional.of(Fingerprints.of(plan.source()));
    return of(plan.recipe(), recipeFolder, data, teachers, started).madeOf(other);
  }

  /// The record of a run of `recipe` whose student is made of its teacher.
  static RunRecord of(
      Recipe recipe, Path recipeFolder, RunData data, Map<String, String> teachers, Instant started)
      throws IOException {
    Environment machine = Machine.environment();
    SequencedMap<String, String> hashes = new LinkedHashMap<>();
    for (TokenizedDataset split : data.all()) {
      hashes.put(split.dataset().name(), split.dataset().hash());
    }
    return new RunRecord(
        recipeFolder.toAbsolutePath().normalize().toString(),
        started,
        teachers,
        Optional.empty(),
        hashes,
        seeds(recipe),
        machine.versions(),
        machine.processor(),
        data.labels());
  }

  /// The same record of a run whose student is made of another model, if there is one.
  RunRecord madeOf(Optional<String> model) {
    return new RunRecord(
        recipeFolder, started, teachers, model, dataHashes, seeds, versions, processor, labels);
  }

  /// All seeds of a run by what they are for.
  static Map<String, Long> seeds(Recipe recipe) {
    Map<String, Long> seeds = new LinkedHashMap<>();
    seeds.put("training", recipe.train().seed());
    recipe
        .lineup()
        .teachers()
        .forEach((name, teacher) -> teacher.seed().ifPresent(seed -> seeds.put(name, seed)));
    return seeds;
  }

  void write(Path file) throws IOException {
    Aside.file(file, aside -> Files.writeString(aside, JSON.writeValueAsString(this)));
  }

  /// When the run began that `file` is of, if it has come as far as to leave a record.
  static Optional<Instant> started(Path file) throws IOException {
    return Files.exists(file) ? Optional.of(read(file).started()) : Optional.empty();
  }

  /// Reads the record of a run.
  ///
  /// @throws RunException if it is missing or damaged
  public static RunRecord read(Path file) throws IOException {
    if (!Files.exists(file)) {
      throw new RunException(
          "%s is missing: %s is no folder of a run that has trained a student"
              .formatted(file.getFileName(), file.toAbsolutePath().getParent()));
    }
    try {
      return JSON.readValue(Files.readString(file), RunRecord.class);
    } catch (JacksonException e) {
      throw new RunException(
          "%s is damaged (%s); run `retort distill` again".formatted(file, e.getOriginalMessage()),
          e);
    }
  }
}
