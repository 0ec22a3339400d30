package dev.retort.run;

import dev.retort.data.Example;
import dev.retort.data.RowShape;
import dev.retort.io.Sha256;
import dev.retort.model.decoder.CausalLanguageModel;
import dev.retort.model.decoder.Continuation;
import dev.retort.model.decoder.Generator;
import dev.retort.model.decoder.PretrainedDecoder;
import dev.retort.recipe.GenerationPlan;
import dev.retort.recipe.Recipe;
import dev.retort.recipe.Task;
import dev.retort.runtime.Tokenizer;
import dev.retort.tensor.Workers;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Sequence-level distillation (Kim and Rush 2016, arXiv 1606.07947): the teacher writes
/// completions for the prompts of training and validation data, which a student then learns as if
/// they were the data.
///
/// A teacher behind an API is asked by [RemoteCompletions]; what follows is about local ones.
///
/// The file holds the same whether or not it was written without interruption: prompts are
/// continued in the same batches, and a batch of which something is missing is asked again.
///
/// @param context what the work needs from outside
/// @param settings how completions are written
public record SequenceLabelling(RunContext context, WritingSettings settings) {

  /// Batches between two writes to the disk.
  private static final int AT_ONCE = 4;

  /// What a file of completions has come to hold.
  ///
  /// @param kept completions to learn from
  /// @param leftOut completions that lie apart: cut off, or without any text
  /// @param apart where they lie
  /// @param tooLong prompts that leave no room for a completion
  public record Outcome(int kept, int leftOut, Path apart, int tooLong) {}

  /// Everything that is asked, and where the answers go.
  private record Work(
      List<AskedPrompt> prompts,
      List<String> keys,
      Set<Integer> stopIds,
      Spelling spelling,
      CompletionFile kept,
      CompletionFile leftOut) {

    int answered() {
      return Math.toIntExact(
          keys.stream().filter(key -> kept.has(key) || leftOut.has(key)).count());
    }

    boolean isDone(List<Integer> rows) {
      return rows.stream().map(keys::get).allMatch(key -> kept.has(key) || leftOut.has(key));
    }
  }

  /// Writes completions for the prompts of `recipe` into `file`, or the rest of them.
  ///
  /// @throws RunException if the recipe has no prompts for a language model
  /// @throws RunInterruptedException if the user asked for the end before all were written
  public Outcome write(Recipe recipe, Path recipeFolder, Path file) throws IOException {
    checkPrompts(recipe);
    if (recipe.mainTeacher().isRemote()) {
      return new RemoteCompletions(context, settings).write(recipe, recipeFolder, file);
    }
    GenerationPlan plan = new GenerationDistillation(context).plan(recipe, new Clock());
    CheckedData checked = CheckedData.read(recipe, recipeFolder);
    PretrainedDecoder model = plan.teacher();
    ObjectNode by = by(recipe, Fingerprints.ofFolder(model.folder()));
    Path apart = apart(file);
    try (Tokenizer tokenizer = Tokenizer.open(model.tokenizer());
        CompletionFile kept = CompletionFile.open(file, by);
        CompletionFile leftOut = CompletionFile.open(apart, by)) {
      AskedPrompts reader = new AskedPrompts(model, tokenizer, recipe.data());
      List<AskedPrompt> all = distinct(checked, reader);
      int room = model.config().positions() - settings.maxTokens();
      List<AskedPrompt> prompts =
          all.stream()
              .filter(prompt -> prompt.ids().length <= room)
              .sorted(Comparator.comparingInt(prompt -> prompt.ids().length))
              .toList();
      List<String> keys = prompts.stream().map(prompt -> key(prompt.ids())).toList();
      ask(
          plan,
          new Work(prompts, keys, reader.stopIds(), new Spelling(tokenizer), kept, leftOut),
          file);
      return new Outcome(kept.size(), leftOut.size(), apart, all.size() - prompts.size());
    }
  }

  /// @throws RunException if the recipe has no prompts for a language model
  static void checkPrompts(Recipe recipe) throws RunException {
    if (recipe.task() != Task.GENERATION || recipe.data().rows() == RowShape.PREFERENCES) {
      throw new RunException(
          "completions are written for task generation and rows of columns or conversations");
    }
  }

  /// Where what is left out of `file` lies.
  static Path apart(Path file) {
    return beside(file, "left-out");
  }

  /// The JSONL file beside `file` that is about `what`.
  static Path beside(Path file, String what) {
    String name = String.valueOf(file.getFileName());
    int dot = name.lastIndexOf('.');
    String stem = dot > 0 ? name.substring(0, dot) : name;
    return file.resolveSibling("%s.%s.jsonl".formatted(stem, what));
  }

  private ObjectNode by(Recipe recipe, String weights) {
    return JsonMapper.shared()
        .createObjectNode()
        .put("teacher", recipe.mainTeacher().model())
        .put("weights", weights.substring(0, 12))
        .put("maxTokens", settings.maxTokens())
        .put("temperature", settings.temperature())
        .put("topP", settings.topP())
        .put("seed", settings.seed())
        .put("batch", settings.batch());
  }

  private static String key(int... ids) {
    return new Sha256().add(Arrays.toString(ids)).hex(8);
  }

  /// Prompts of the training and validation data, each once.
  private static List<AskedPrompt> distinct(CheckedData checked, AskedPrompts reader) {
    Map<String, AskedPrompt> prompts = new LinkedHashMap<>();
    for (Example example : checked.learnt()) {
      AskedPrompt prompt = reader.of(example);
      prompts.putIfAbsent(key(prompt.ids()), prompt);
    }
    return List.copyOf(prompts.values());
  }

  private void ask(GenerationPlan plan, Work work, Path file) throws IOException {
    List<List<Integer>> batches = new ArrayList<>();
    for (int first = 0; first < work.prompts().size(); first += settings.batch()) {
      int end = Math.min(work.prompts().size(), first + settings.batch());
      batches.add(IntStream.range(first, end).boxed().toList());
    }
    List<Integer> missing =
        IntStream.range(0, batches.size())
            .filter(batch -> !work.isDone(batches.get(batch)))
            .boxed()
            .toList();
    context.listener().phaseStarted("completions", work.prompts().size(), "texts");
    if (!missing.isEmpty()) {
      try (CausalLanguageModel teacher = plan.teacher().weights();
          CausalLanguageModel asked = teacher.frozen(plan.recipe().train().precision())) {
        ask(new Generator(asked, plan.recipe().train().precision()), work, batches, missing, file);
      }
    }
    context.listener().phaseEnded("completions", "%,d answered".formatted(work.answered()));
  }

  private void ask(
      Generator generator, Work work, List<List<Integer>> batches, List<Integer> missing, Path file)
      throws IOException {
    try (Workers workers = Workers.oneForEachCore()) {
      for (int next = 0; next < missing.size(); next += AT_ONCE) {
        if (context.stop().reason().isPresent()) {
          throw RunInterruptedException.whileAsking(file);
        }
        List<Integer> some = missing.subList(next, Math.min(missing.size(), next + AT_ONCE));
        List<List<Continuation>> continued =
            workers.map(some, batch -> continued(generator, work, batch, batches.get(batch)));
        for (int i = 0; i < some.size(); i++) {
          append(work, batches.get(some.get(i)), continued.get(i));
        }
      }
    }
  }

  private List<Continuation> continued(
      Generator generator, Work work, int batch, List<Integer> rows) {
    return generator.continued(
        rows.stream().map(row -> work.prompts().get(row).ids()).toList(),
        settings.sampling(batch, work.stopIds()));
  }

  private void append(Work work, List<Integer> rows, List<Continuation> continued)
      throws IOException {
    StringBuilder kept = new StringBuilder();
    StringBuilder leftOut = new StringBuilder();
    for (int i = 0; i < rows.size(); i++) {
      Continuation added = continued.get(i);
      String text =
          work.spelling().continuation(added.ids().stream().mapToInt(Integer::intValue).toArray());
      ObjectNode line =
          work.prompts().get(rows.get(i)).row().apply(text).put("ended", added.ended());
      String key = work.keys().get(rows.get(i));
      if (text.isBlank() || !(added.ended() || settings.keepTruncated())) {
        work.leftOut().line(key, line, leftOut);
      } else {
        work.kept().line(key, line, kept);
      }
    }
    work.leftOut().append(leftOut);
    work.kept().append(kept);
    context.listener().advanced(work.answered());
  }
}
