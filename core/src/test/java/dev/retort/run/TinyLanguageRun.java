package dev.retort.run;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.retort.eval.Evaluation.Kind;
import dev.retort.eval.Metric;
import dev.retort.export.LanguageModelExporter;
import dev.retort.hub.Hub;
import dev.retort.hub.HubSettings;
import dev.retort.model.decoder.CausalLanguageModel;
import dev.retort.model.decoder.DecoderConfig;
import dev.retort.model.decoder.DecoderWeights;
import dev.retort.model.decoder.Llama;
import dev.retort.model.decoder.PretrainedDecoder;
import dev.retort.recipe.Recipe;
import dev.retort.recipe.Recipes;
import dev.retort.report.RunReport;
import dev.retort.train.StepReport;
import dev.retort.train.StopSwitch;
import dev.retort.train.TrainResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A run of a language model small enough for a test: three random layers, 32 wide, and completions
/// that repeat the last word of their prompts.
///
/// @param root holds the model, the data, the recipe and the runs
record TinyLanguageRun(Path root) {

  static final List<String> WORDS =
      List.of("good", "bad", "slow", "the", "movie", "was", "very", "this", "time", "day");

  /// Makes the model, the data and the recipe below `root`.
  static TinyLanguageRun in(Path root) throws IOException {
    Path model = Files.createDirectory(root.resolve("model"));
    String config =
        """
        {"model_type": "llama", "hidden_size": 32, "num_hidden_layers": 3,
         "num_attention_heads": 4, "num_key_value_heads": 2, "intermediate_size": 48,
         "vocab_size": 120, "max_position_embeddings": 48, "rms_norm_eps": 1e-5,
         "eos_token_id": 3, "tie_word_embeddings": true}
        """;
    Files.writeString(model.resolve("config.json"), config);
    Files.copy(
        Path.of("src/test/resources/parity/tokenizer/tokenizer.json"),
        model.resolve("tokenizer.json"));
    JsonNode json = JsonMapper.shared().readTree(config);
    DecoderConfig shape = new Llama().read(json);
    try (CausalLanguageModel random =
        new CausalLanguageModel(shape, DecoderWeights.random(shape, 0.15, 5))) {
      new LanguageModelExporter(random, PretrainedDecoder.read(model)).write(model);
    }
    Files.writeString(root.resolve("train.csv"), csv(260, 1));
    Files.writeString(root.resolve("test.csv"), csv(50, 2));
    Files.writeString(
        root.resolve("recipe.yaml"),
        """
        name: tiny-language-model
        task: generation
        teacher: {model: '%s', maxLength: 24}
        student: {from: teacher, layers: [0, 2]}
        data: {train: train.csv, test: test.csv, validation: 15%%, text: prompt, pair: completion}
        objective:
          - {use: forward-kl, temperature: 2, weight: 0.1}
          - {use: cross-entropy, weight: 1}
        train: {epochs: 8, batchTokens: 400, learningRate: 1e-2, precision: fp32,
                checkpointEvery: 5}
        require: {accuracy: ">= 0.5", perplexity: "<= 20"}
        evaluate: {prompts: 0}
        """
            .formatted(model));
    return new TinyLanguageRun(root);
  }

  Recipe recipe(String... overrides) {
    return Recipes.read(root.resolve("recipe.yaml"), List.of(overrides));
  }

  RunReport distill(Recipe recipe, RunFolder folder, RunListener listener) throws IOException {
    return new Distillation(context(listener, new StopSwitch())).distill(recipe, root, folder);
  }

  /// A run from end to end, and one that was stopped after seven steps and taken up again.
  record Resumed(RunFolder whole, RunFolder parts) {}

  /// Runs `recipe` in both ways.
  Resumed resumed(Recipe recipe) throws IOException {
    RunFolder whole = RunFolder.create(root.resolve("whole"), recipe);
    distill(recipe, whole, new RunListener() {});
    RunFolder parts = RunFolder.create(root.resolve("parts"), recipe);
    StopSwitch stop = new StopSwitch();
    RunListener interrupting =
        new RunListener() {
          @Override
          public void stepEnded(StepReport step) {
            if (step.step() == 7) {
              stop.stop(TrainResult.End.INTERRUPTED);
            }
          }
        };
    assertThatThrownBy(
            () -> new Distillation(context(interrupting, stop)).distill(recipe, root, parts))
        .isInstanceOf(RunInterruptedException.class);
    distill(recipe, parts, new RunListener() {});
    return new Resumed(whole, parts);
  }

  RunContext context(RunListener listener, StopSwitch stop) {
    Map<String, String> environment = Map.of("RETORT_HOME", root.resolve("home").toString());
    return new RunContext(
        new Models(new Hub(HubSettings.fromEnvironment(environment, root))),
        Workspace.fromEnvironment(environment, root),
        listener,
        stop);
  }

  static double value(RunReport report, Kind kind, Metric metric) {
    return report
        .results()
        .first(kind)
        .flatMap(evaluation -> evaluation.measurement(metric))
        .orElseThrow()
        .value();
  }

  /// The completion repeats the last word of the prompt.
  static String csv(int rows, long seed) {
    Random random = new Random(seed);
    StringBuilder csv = new StringBuilder("prompt,completion\n");
    for (int row = 0; row < rows; row++) {
      String word = WORDS.get(random.nextInt(WORDS.size()));
      for (int i = random.nextInt(4); i > 0; i--) {
        csv.append(WORDS.get(random.nextInt(WORDS.size()))).append(' ');
      }
      csv.append(word).append(',').append((word + " ").repeat(3)).append("day\n");
    }
    return csv.toString();
  }

  /// The preferred answer repeats the prompt's word, the other one says something else.
  static String preferences(int rows, long seed) {
    Random random = new Random(seed);
    StringBuilder lines = new StringBuilder();
    for (int row = 0; row < rows; row++) {
      int word = random.nextInt(WORDS.size());
      lines.append(
          """
          {"prompt": "%s", "chosen": "%sday", "rejected": "%sday"}
          """
              .formatted(
                  WORDS.get(word),
                  (WORDS.get(word) + " ").repeat(2),
                  (WORDS.get((word + 1 + random.nextInt(8)) % WORDS.size()) + " ").repeat(2)));
    }
    return lines.toString();
  }

  /// What the user writes ends with something that looks like an answer.
  static String conversations(int rows, long seed) {
    Random random = new Random(seed);
    StringBuilder lines = new StringBuilder();
    for (int row = 0; row < rows; row++) {
      String word = WORDS.get(random.nextInt(WORDS.size()));
      lines.append(
          """
          {"messages": [{"role": "user", "content": "%s [SEP] assistant : bad"}, \
          {"role": "assistant", "content": "%sday"}]}
          """
              .formatted(word, (word + " ").repeat(1 + random.nextInt(3))));
    }
    return lines.toString();
  }
}
