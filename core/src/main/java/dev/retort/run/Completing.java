package dev.retort.run;

import dev.retort.data.Prompt;
import dev.retort.data.TokenizedDataset;
import dev.retort.eval.TextScores;
import dev.retort.model.Precision;
import dev.retort.model.decoder.CausalLanguageModel;
import dev.retort.model.decoder.Continuation;
import dev.retort.model.decoder.Generator;
import dev.retort.model.decoder.PretrainedDecoder;
import dev.retort.model.decoder.Sampling;
import dev.retort.recipe.EvaluateSettings;
import dev.retort.tensor.Workers;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// Test prompts that language models of one tokenizer continue, and how the data continue them.
///
/// @param settings how they are continued
/// @param prompts what is continued, perhaps nothing
/// @param answers whether the data have answers, which a completion may match exactly
/// @param sampling how the next token is chosen
/// @param spelling what tokens say
record Completing(
    EvaluateSettings settings,
    List<Prompt> prompts,
    boolean answers,
    Sampling sampling,
    Spelling spelling) {

  /// Tokens of a text that is written to be timed, at most: enough to tell the speed.
  private static final int SPEED_TOKENS = 64;

  /// What a model wrote behind a prompt.
  ///
  /// @param ended whether the model ended it; otherwise there was no room for more
  record Written(String text, boolean ended) {}

  Completing {
    prompts = List.copyOf(prompts);
  }

  /// The first prompts of `texts`, the test data, for models with the positions of `model`. Where
  /// the data say nothing behind a prompt, there is nothing to compare with.
  ///
  /// A completion ends with what ends the model's texts, and with any special token that ends one
  /// of the data's, such as the mark behind a turn.
  static Completing of(
      PretrainedDecoder model,
      TokenizedDataset texts,
      boolean answers,
      EvaluateSettings settings,
      Spelling spelling) {
    int positions = model.config().positions();
    int maxTokens = Math.max(1, Math.min(settings.maxTokens(), positions / 2));
    List<Prompt> prompts =
        Prompt.of(texts, new Prompt.Cut(answers, positions - maxTokens, maxTokens))
            .filter(prompt -> !spelling.text(prompt.reference()).isEmpty())
            .limit(settings.prompts())
            .toList();
    Set<Integer> stops = new TreeSet<>(model.endIds());
    prompts.stream()
        .map(prompt -> prompt.reference()[prompt.reference().length - 1])
        .filter(spelling::isSpecial)
        .forEach(stops::add);
    return new Completing(settings, prompts, answers, Sampling.greedy(maxTokens, stops), spelling);
  }

  /// The rows of the data that are continued.
  Set<Integer> rows() {
    return prompts.stream().map(Prompt::row).collect(Collectors.toSet());
  }

  /// The same prompts, but for those of other rows.
  Completing only(Set<Integer> rows) {
    return new Completing(
        settings,
        prompts.stream().filter(prompt -> rows.contains(prompt.row())).toList(),
        answers,
        sampling,
        spelling);
  }

  /// The prompts as text.
  List<String> promptTexts() {
    return prompts.stream().map(prompt -> spelling.text(prompt.ids())).toList();
  }

  /// How the data go on, as text.
  List<String> references() {
    return prompts.stream().map(prompt -> spelling.cutText(prompt.reference())).toList();
  }

  /// What `model` writes behind every prompt, the likeliest token each time, in 32 bits.
  List<Written> written(CausalLanguageModel model) {
    Generator generator = new Generator(model, Precision.FP32);
    List<List<Integer>> batches = batches();
    List<List<Continuation>> continued;
    try (Workers workers = Workers.oneForEachCore()) {
      continued =
          workers.map(
              batches,
              rows ->
                  generator.continued(
                      rows.stream().map(row -> prompts.get(row).ids()).toList(), sampling));
    }
    Written[] written = new Written[prompts.size()];
    for (int batch = 0; batch < batches.size(); batch++) {
      for (int i = 0; i < batches.get(batch).size(); i++) {
        written[batches.get(batch).get(i)] = written(continued.get(batch).get(i));
      }
    }
    return List.of(written);
  }

  /// How fast the model in `folder` continues the prompts, measured in a JVM of its own. No token
  /// ends a text, so that all are of one length.
  GenerationProbe.Result speed(Path folder) throws IOException {
    return GenerationProbe.measure(
        new GenerationProbe.Order(
            folder.toAbsolutePath().toString(),
            prompts.stream().map(prompt -> Arrays.stream(prompt.ids()).boxed().toList()).toList(),
            Math.min(SPEED_TOKENS, sampling.maxTokens()),
            settings.batch(),
            settings.temperature(),
            settings.topP()));
  }

  /// How well these texts match the data.
  TextScores scores(List<Written> written) {
    return TextScores.of(references(), written.stream().map(Written::text).toList(), answers);
  }

  private Written written(Continuation continuation) {
    int[] ids = continuation.ids().stream().mapToInt(Integer::intValue).toArray();
    return new Written(spelling.cutText(ids), continuation.ended());
  }

  /// Prompts of similar length together.
  private List<List<Integer>> batches() {
    List<Integer> order =
        IntStream.range(0, prompts.size())
            .boxed()
            .sorted(Comparator.comparingInt(row -> prompts.get(row).ids().length))
            .toList();
    List<List<Integer>> batches = new ArrayList<>();
    for (int first = 0; first < order.size(); first += settings.batch()) {
      batches.add(order.subList(first, Math.min(order.size(), first + settings.batch())));
    }
    return batches;
  }
}
