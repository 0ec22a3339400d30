package dev.retort.run;

import dev.retort.data.Example;
import dev.retort.data.Finding;
import dev.retort.data.Place;
import dev.retort.data.Splits;
import dev.retort.eval.Measured;
import dev.retort.eval.Metric;
import dev.retort.io.Sha256;
import dev.retort.label.LabelledText;
import dev.retort.recipe.PlanException;
import dev.retort.recipe.Recipe;
import dev.retort.run.RemoteLabelling.Labelled;
import dev.retort.signal.SignalStore;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/// Makes what teachers behind APIs said into what the rest of a run reads: stored answers, and data
/// without the texts about which nothing was said.
///
/// @param data the run's data with what was left out
/// @param said what each teacher said, by name
record RemoteAnswers(CheckedData data, SequencedMap<String, Said> said) {

  /// What a teacher said, as the rest of a run needs it.
  ///
  /// @param fingerprint hash of all of it, under which it is stored
  /// @param costs what it costs to ask it about a text, and how long that takes
  record Said(String fingerprint, Map<Metric, Measured> costs) {

    Said {
      costs = Map.copyOf(costs);
    }
  }

  private static final double MOST_UNKNOWN = 0.5;

  /// Asks the teachers of `recipe` that are behind APIs about `data`; nothing changes if none is.
  static RemoteAnswers ask(RunContext context, Recipe recipe, CheckedData data) throws IOException {
    return of(data, new RemoteLabelling(context, recipe).ask(data), recipe, context.workspace());
  }

  /// Keeps `labelled` in the stores of `workspace`.
  ///
  /// @throws PlanException if a teacher gave no usable answer about more than half of the texts
  private static RemoteAnswers of(
      CheckedData data, SequencedMap<String, Labelled> labelled, Recipe recipe, Workspace workspace)
      throws IOException {
    SequencedMap<String, Said> said = new LinkedHashMap<>();
    CheckedData left = data;
    for (Map.Entry<String, Labelled> entry : labelled.entrySet()) {
      check(recipe.lineup().path(entry.getKey()), entry.getValue());
      left =
          without(left, entry.getKey(), unknown(entry.getValue()))
              .noting(entry.getValue().findings());
      Labelled teacher = entry.getValue();
      said.put(entry.getKey(), new Said(store(teacher, data, workspace), teacher.costs()));
    }
    return new RemoteAnswers(left, said);
  }

  private static List<LabelledText.Unknown> unknown(Labelled labelled) {
    return labelled.texts().stream()
        .filter(LabelledText.Unknown.class::isInstance)
        .map(LabelledText.Unknown.class::cast)
        .toList();
  }

  private static void check(String path, Labelled labelled) {
    List<LabelledText.Unknown> unknown = unknown(labelled);
    long asked = labelled.texts().stream().filter(RemoteAnswers::isAsked).count();
    if (unknown.size() > MOST_UNKNOWN * asked) {
      throw new PlanException(
          List.of(
              "%s: %,d of %,d texts have no usable answer, such as %s: %s; look at `ask` there, at what the model is told, and at what it answers"
                  .formatted(
                      path,
                      unknown.size(),
                      asked,
                      unknown.getFirst().example().place(),
                      unknown.getFirst().reasons())));
    }
  }

  private static boolean isAsked(LabelledText text) {
    return !(text instanceof LabelledText.Known known && known.human());
  }

  private static String store(Labelled labelled, CheckedData data, Workspace workspace)
      throws IOException {
    int width = data.splits().train().labels().size();
    SequencedMap<String, float[]> rows = new LinkedHashMap<>();
    Sha256 hash = new Sha256().add(labelled.identity());
    for (LabelledText text : labelled.texts()) {
      float[] logits =
          switch (text) {
            case LabelledText.Known known -> known.votes().logits(labelled.smoothing());
            case LabelledText.Unknown _ -> mistaken(text.example(), width);
          };
      String key = text.example().contentKey();
      rows.put(key, logits);
      hash.add(key).add(Arrays.toString(logits));
    }
    String fingerprint = hash.hex(Sha256.BYTES);
    try (SignalStore store = SignalStore.open(workspace.signals(), fingerprint, width)) {
      store.put(List.copyOf(rows.sequencedKeySet()), rows.values().toArray(float[][]::new));
    }
    return fingerprint;
  }

  /// An answer that is wrong: all labels alike but the right one.
  private static float[] mistaken(Example example, int width) {
    float[] logits = new float[width];
    if (example.isLabelled()) {
      logits[example.label()] = -100;
    }
    return logits;
  }

  /// Test texts stay: what a teacher has no answer to is a mistake of its.
  private static CheckedData without(
      CheckedData data, String name, List<LabelledText.Unknown> unknown) {
    if (unknown.isEmpty()) {
      return data;
    }
    Set<String> keys =
        unknown.stream().map(text -> text.example().contentKey()).collect(Collectors.toSet());
    Predicate<Example> kept = example -> !keys.contains(example.contentKey());
    CheckedData fewer = data.withTraining(kept);
    Splits splits =
        new Splits(
            fewer.splits().train(),
            fewer.splits().validation().map(some -> some.where(kept)),
            fewer.splits().test(),
            fewer.splits().findings());
    List<Finding> findings = new ArrayList<>(data.findings());
    findings.add(finding(name, unknown));
    return new CheckedData(splits, fewer.training(), findings);
  }

  private static Finding finding(String name, List<LabelledText.Unknown> unknown) {
    List<Place> places = unknown.stream().map(text -> text.example().place()).toList();
    return Finding.at(
        Finding.Severity.WARNING,
        places,
        "%s has no usable answer about %s, which are left out of training and validation and count as mistakes in the test; the first: %s"
            .formatted(name, Finding.count(unknown.size(), "text"), unknown.getFirst().reasons()));
  }
}
