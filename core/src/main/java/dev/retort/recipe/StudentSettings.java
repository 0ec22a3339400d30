package dev.retort.recipe;

import dev.retort.catalog.Check;
import dev.retort.catalog.Default;
import dev.retort.catalog.Doc;
import dev.retort.model.EncoderConfig;
import dev.retort.model.decoder.Lora;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/// The `student:` section of a recipe.
///
/// @param from where the student's first weights come from
/// @param layers layers of that model it is made of, numbered from 0; all of them if empty
/// @param hiddenSize channels of that model it keeps
/// @param heads attention heads that each layer keeps
/// @param keyValueHeads key and value heads that each layer of a language model keeps
/// @param intermediateSize feed-forward neurons that each layer keeps
/// @param architecture its size, if it begins from nothing
/// @param table its token vectors, if it is static
/// @param lora its adapters, if nothing else is trained
/// @param teacher which of several teachers is meant
/// @param maxLength tokens of a text it reads at most, if there is no teacher
public record StudentSettings(
    @Default("teacher")
        @Doc(
            "Where the first weights come from: `teacher` (the fine-tuned teacher), `pretrained` (the"
                + " teacher's model before fine-tuning), `scratch` (random numbers), `static` (no layers: a"
                + " table of token vectors distilled from the teacher), or another model"
                + " by its address: `maven:group:artifact:version`, `hf:owner/name@revision`, or a"
                + " folder with a slash in it.")
        StudentOrigin from,
    @Default("[]")
        @Doc("Layers of that model the student is made of, from 0; all of them if left out.")
        List<Integer> layers,
    @Doc(
            "Width of the hidden states: the channels that matter most are kept. In encoders and"
                + " GPT-2 a multiple of the width of that model's heads, and as many as `heads` need"
                + " if left out; in other language models any number.")
        Optional<Integer> hiddenSize,
    @Doc(
            "Heads that every layer keeps, those that matter most; if left out, as many as fill"
                + " `hiddenSize` in encoders and GPT-2, and all of them in other language models.")
        Optional<Integer> heads,
    @Doc(
            "Key and value heads that every layer of a language model keeps, those that matter most"
                + " with their share of the `heads`. If left out, key-value heads stay with all of"
                + " theirs where `heads` allows it, and all of them stay where it does not.")
        Optional<Integer> keyValueHeads,
    @Doc(
            "Feed-forward neurons that every layer keeps, those that matter most; all of them if left"
                + " out.")
        Optional<Integer> intermediateSize,
    @Doc("Size of a student `from: scratch`; its family and vocabulary are the teacher's.")
        Optional<Architecture> architecture,
    @Doc("The token vectors of a student `from: static`.") Optional<TableSettings> table,
    @Doc(
            "Trains low-rank adapters of a language model instead of its weights, which are frozen;"
                + " they are merged when the student is handed over.")
        Optional<Lora> lora,
    @Doc(
            "Name of the teacher that `from` means, and whose hidden states and attention are learnt"
                + " from; the first of several if left out.")
        Optional<String> teacher,
    @Doc(
            "Tokens of a text that a student without a teacher reads at most, 128 if left out; with a"
                + " teacher, `teacher.maxLength` says so.")
        Optional<Integer> maxLength) {

  public StudentSettings {
    layers = List.copyOf(layers);
    hiddenSize.ifPresent(value -> Check.atLeast("hiddenSize", value, 1));
    heads.ifPresent(value -> Check.atLeast("heads", value, 1));
    keyValueHeads.ifPresent(value -> Check.atLeast("keyValueHeads", value, 1));
    intermediateSize.ifPresent(value -> Check.atLeast("intermediateSize", value, 1));
    maxLength.ifPresent(value -> Check.atLeast("maxLength", value, 4));
    boolean scratch = from instanceof StudentOrigin.Scratch;
    Check.that(
        scratch || architecture.isEmpty(),
        "architecture",
        "belongs to 'from: scratch'; a student from '%s' is cut with layers, hiddenSize, heads and intermediateSize"
            .formatted(from));
    Check.that(
        !scratch || architecture.isPresent(),
        "architecture",
        "is missing: 'from: scratch' needs one, such as {layers: 2, hiddenSize: 128, heads: 2, intermediateSize: 512}");
    Check.that(
        isStatic(from) || table.isEmpty(),
        "table",
        "belongs to 'from: static'; a student from '%s' has layers".formatted(from));
    Check.that(
        lora.isEmpty() || !(scratch || isStatic(from)),
        "lora",
        "needs weights that are worth freezing, which a student from '%s' has not".formatted(from));
    boolean uncut =
        layers.isEmpty()
            && hiddenSize.isEmpty()
            && heads.isEmpty()
            && keyValueHeads.isEmpty()
            && intermediateSize.isEmpty();
    Check.that(
        !isStatic(from) || uncut,
        "from",
        "is 'static', a student without layers; leave layers, hiddenSize, heads and intermediateSize out");
    Check.that(
        !scratch || uncut,
        "from",
        "is 'scratch', where there is nothing to cut; put layers, hiddenSize, heads, keyValueHeads and intermediateSize into `architecture`");
  }

  private static boolean isStatic(StudentOrigin from) {
    return from instanceof StudentOrigin.Static;
  }

  /// The token vectors of a static student; none of a student that has layers.
  public Optional<TableSettings> tableIfStatic() {
    return isStatic(from)
        ? Optional.of(table.orElseGet(TableSettings::defaults))
        : Optional.empty();
  }

  /// The layers of a model of this shape that the student is made of: those that are named, or all.
  public List<Integer> layersOf(EncoderConfig whole) {
    return layersOf(whole.layers());
  }

  /// The layers of a model with `all` of them that the student is made of.
  public List<Integer> layersOf(int all) {
    return layers.isEmpty() ? IntStream.range(0, all).boxed().toList() : layers;
  }

  /// Which of the layers do not exist in a model that has `available`.
  List<String> layerProblems(int available) {
    return IntStream.range(0, layers.size())
        .filter(i -> layers.get(i) < 0 || layers.get(i) >= available)
        .mapToObj(i ->
            "student.layers[%d]: layer %d does not exist; the %s has layers 0 to %d"
                .formatted(i, layers.get(i), model(), available - 1))
        .toList();
  }

  /// That the model has fewer of something than the student is to keep, if so.
  Optional<String> tooMany(String setting, Optional<Integer> wanted, int available) {
    return wanted
        .filter(number -> number > available)
        .map(number ->
            "student.%s: %d is more than the %d of the %s, which the student is cut from"
                .formatted(setting, number, available, model()));
  }

  /// What the model that the student is made of is called in messages.
  String model() {
    return switch (from) {
      case StudentOrigin.Teacher _, StudentOrigin.Scratch _, StudentOrigin.Static _ -> "teacher";
      case StudentOrigin.Pretrained _ -> "pretrained model";
      case StudentOrigin.Model _ -> "student's model";
    };
  }

  /// Whether the student is made of whole layers of the teacher.
  boolean isCutFromTeacher() {
    boolean narrow = hiddenSize.isPresent() || heads.isPresent() || intermediateSize.isPresent();
    return !narrow
        && switch (from) {
          case StudentOrigin.Teacher _, StudentOrigin.Pretrained _ -> true;
          case StudentOrigin.Scratch _, StudentOrigin.Static _, StudentOrigin.Model _ -> false;
        };
  }
}
