package dev.retort.run;

import dev.retort.data.DataSettings;
import dev.retort.data.Leakage;
import dev.retort.hub.Hub;
import dev.retort.hub.HubSettings;
import dev.retort.recipe.Recipe;
import dev.retort.recipe.Recipes;
import dev.retort.train.StopSwitch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// A whole run small enough for a test: a 2-layer teacher, 32 wide, and three words to tell apart.
///
/// @param root holds the model, the data, the recipe and the runs
record TinyRun(Path root) {

  private static final List<String> SIGNALS = List.of("good", "bad", "slow");
  private static final List<String> NOISE =
      List.of("the", "movie", "was", "very", "this", "time", "day", "book", "price", "world");

  /// Makes the model, the data and the recipe below `root`.
  static TinyRun in(Path root) throws IOException {
    TinyRun run = new TinyRun(root);
    run.writeModel();
    Files.writeString(root.resolve("train.csv"), csv(360, 1));
    Files.writeString(root.resolve("test.csv"), csv(90, 2));
    Files.writeString(
        run.recipeFile(),
        """
        name: tiny
        teacher: {model: '%s', fineTune: {epochs: 12, learningRate: 5e-3, precision: fp32},
                  maxLength: 24}
        student: {from: teacher, layers: [1]}
        data: {train: train.csv, test: test.csv, validation: 15%%}
        train: {epochs: 8, batchTokens: 400, learningRate: 5e-3, precision: fp32,
                checkpointEvery: 5}
        require: {retention: ">= 0.5", sizeMb: "<= 5", accuracy: ">= 0.999"}
        cost: {teacherPer1000Requests: 2, machinePerHour: 0.2}
        """
            .formatted(root.resolve("model")));
    return run;
  }

  Path recipeFile() {
    return root.resolve("recipe.yaml");
  }

  Recipe recipe(String... overrides) {
    return Recipes.read(recipeFile(), List.of(overrides));
  }

  /// Data of one file below [#root], to measure a model on.
  static DataSettings only(String file, Optional<String> pair, Optional<String> label) {
    return new DataSettings(
        file,
        Optional.empty(),
        Optional.empty(),
        "text",
        pair,
        label,
        Optional.empty(),
        Leakage.WARN);
  }

  RunContext context(RunListener listener, StopSwitch stop) {
    Map<String, String> environment = Map.of("RETORT_HOME", root.resolve("home").toString());
    return new RunContext(
        new Models(new Hub(HubSettings.fromEnvironment(environment, root))),
        Workspace.fromEnvironment(environment, root),
        listener,
        stop);
  }

  /// Takes the labels of nine in ten training texts away.
  void hideLabels() throws IOException {
    Path file = root.resolve("train.csv");
    List<String> lines = new ArrayList<>(Files.readAllLines(file));
    for (int i = 1; i < lines.size(); i++) {
      if (i % 10 != 0) {
        lines.set(i, lines.get(i).replaceAll(",.*", ","));
      }
    }
    Files.write(file, lines);
  }

  /// The label of a text: the one signal word in it.
  static String signal(String text) {
    return SIGNALS.stream()
        .filter(word -> List.of(text.split("\\s")).contains(word))
        .findFirst()
        .orElseThrow();
  }

  /// For runs whose teachers are behind `apis`; what is noted goes into `notes`.
  RunContext context(List<String> notes, Apis apis) {
    return remote(context(noting(notes), new StopSwitch()), apis);
  }

  /// The same surroundings with teachers behind `apis`.
  static RunContext remote(RunContext local, Apis apis) {
    return new RunContext(local.models(), local.workspace(), local.listener(), local.stop(), apis);
  }

  /// Puts what is noted into `notes`.
  static RunListener noting(List<String> notes) {
    return new RunListener() {
      @Override
      public void noted(String message) {
        notes.add(message);
      }
    };
  }

  /// A recipe with several teachers, which are settings such as `seed: 1`.
  Recipe several(List<String> teachers, String... overrides) throws IOException {
    String fineTune = "fineTune: {epochs: 12, learningRate: 5e-3, precision: fp32}, maxLength: 24";
    String list =
        teachers.stream()
            .map(settings -> "  - {%s, %s}\n".formatted(fineTune, settings))
            .collect(Collectors.joining());
    Path file = root.resolve("several.yaml");
    String single = Files.readString(recipeFile());
    Files.writeString(
        file,
        single.substring(0, single.indexOf("teacher:"))
            + "teachers:\n"
            + list
            + single.substring(single.indexOf("student:")));
    return Recipes.read(file, List.of(overrides));
  }

  /// The setting that names the model in the folder `name`, for [#several].
  String model(String name) {
    return "model: '%s'".formatted(root.resolve(name));
  }

  private void writeModel() throws IOException {
    copyModel("model", "minilm");
  }

  /// Makes another model of the same size, whose tokenizer gives every word another number.
  Path writeOtherModel() throws IOException {
    Path model = copyModel("other", "bge");
    JsonMapper mapper = JsonMapper.shared();
    JsonNode tokenizer = mapper.readTree(Files.readString(model.resolve("tokenizer.json")));
    ObjectNode vocabulary = (ObjectNode) tokenizer.path("model").path("vocab");
    List<String> words =
        vocabulary.propertyNames().stream().filter(word -> !word.startsWith("[")).toList();
    List<JsonNode> numbers = words.stream().map(vocabulary::get).toList();
    for (int i = 0; i < words.size(); i++) {
      vocabulary.set(words.get(i), numbers.get((i + 40) % words.size()));
    }
    Files.writeString(model.resolve("tokenizer.json"), mapper.writeValueAsString(tokenizer));
    return model;
  }

  /// Puts the `checkpoint` into the folder `name`, with mean pooling.
  Path copyModel(String name, String checkpoint) throws IOException {
    Path source = Path.of("src/test/resources/parity");
    Path model = root.resolve(name);
    Files.createDirectories(model.resolve("1_Pooling"));
    for (String file : List.of("config.json", "model.safetensors")) {
      Files.copy(source.resolve(checkpoint).resolve(file), model.resolve(file));
    }
    Files.copy(source.resolve("tokenizer/tokenizer.json"), model.resolve("tokenizer.json"));
    Files.writeString(
        model.resolve("1_Pooling/config.json"),
        "{\"word_embedding_dimension\": 32, \"pooling_mode_mean_tokens\": true}");
    return model;
  }

  /// Each text holds one signal word, which is its label, among noise.
  private static String csv(int rows, long seed) {
    Random random = new Random(seed);
    StringBuilder csv = new StringBuilder("text,label\n");
    for (int i = 0; i < rows; i++) {
      String signal = SIGNALS.get(random.nextInt(SIGNALS.size()));
      int place = random.nextInt(6);
      List<String> words =
          Stream.iterate(0, j -> j + 1)
              .limit(7)
              .map(j -> j == place ? signal : NOISE.get(random.nextInt(NOISE.size())))
              .toList();
      csv.append(String.join(" ", words)).append(',').append(signal).append('\n');
    }
    return csv.toString();
  }
}
