package dev.retort.bench;

import dev.retort.data.TextBatch;
import dev.retort.data.TokenizedDataset;
import dev.retort.model.Precision;
import dev.retort.model.TextClassifier;
import dev.retort.objective.AttentionMse;
import dev.retort.objective.CrossEntropy;
import dev.retort.objective.FeatureObjective;
import dev.retort.objective.ForwardKl;
import dev.retort.objective.HeadMismatch;
import dev.retort.objective.HiddenMse;
import dev.retort.objective.LayerMap;
import dev.retort.objective.Layers;
import dev.retort.objective.ModelShape;
import dev.retort.signal.Need;
import dev.retort.signal.SignalStore;
import dev.retort.teacher.LocalTeacher;
import dev.retort.teacher.StoredTeacher;
import dev.retort.teacher.Teacher;
import dev.retort.train.BoundTerm;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;

/// What a student is taught in a comparison, by whom, and at what cost beforehand.
///
/// @param teacher who is asked in every step
/// @param needs what it is asked for
/// @param terms the losses
/// @param asked whether the teacher computes in every step, not only beforehand
/// @param facts what belongs in the result
record Lesson(
    Teacher<TextBatch> teacher,
    Set<Need> needs,
    List<BoundTerm> terms,
    boolean asked,
    Map<String, Object> facts) {

  /// The store is as short-lived as the teacher, so any will do.
  static final String FINGERPRINT = "benchmark-teacher";

  private static final double TEMPERATURE = 4;
  private static final double ALPHA = 0.7;

  /// The losses of a comparison.
  enum Losses {
    /// The teacher's answers, stored beforehand, and the labels.
    SOFT,
    /// The hidden states and attention scores of a teacher that runs in every step.
    TINYBERT
  }

  /// Soft targets and labels; `store` then holds the answers of `known` about `used`.
  static Lesson softTargets(TextClassifier known, SignalStore store, TokenizedDataset used) {
    StoredTeacher<TextBatch> answers =
        new StoredTeacher<>(
            new LocalTeacher<>("teacher", FINGERPRINT, known, Precision.FP32), store);
    long started = System.nanoTime();
    answers.answer(used, _ -> {});
    SequencedMap<String, Object> facts = new LinkedHashMap<>();
    facts.put("temperature", TEMPERATURE);
    facts.put("alpha", ALPHA);
    facts.put("teacher_cache_seconds", (System.nanoTime() - started) / 1e9);
    facts.put("teacher_cache_examples", store.size());
    return new Lesson(
        answers,
        Set.of(Need.DISTRIBUTION),
        List.of(
            new BoundTerm("forward-kl", new ForwardKl(TEMPERATURE), ALPHA),
            new BoundTerm("cross-entropy", new CrossEntropy(0), 1 - ALPHA)),
        false,
        facts);
  }

  /// TinyBERT's intermediate losses (Jiao et al. 2020) over a uniform map of layers; `known` is
  /// asked in `precision`.
  static Lesson tinyBert(
      TextClassifier known, TextClassifier student, Precision precision, long seed) {
    Layers uniform = new Layers(LayerMap.UNIFORM, List.of());
    Set<Need> needs = EnumSet.of(Need.HIDDEN_STATES, Need.ATTENTION_SCORES);
    ModelShape from = ModelShape.of(known.config());
    ModelShape to = ModelShape.of(student.config());
    List<FeatureObjective> losses =
        List.of(new HiddenMse(uniform, true), new AttentionMse(uniform, HeadMismatch.REFUSE));
    return new Lesson(
        new LocalTeacher<>("teacher", FINGERPRINT, known, precision),
        needs,
        losses.stream()
            .map(loss ->
                new BoundTerm(loss.getClass().getSimpleName(), loss.bind(from, to, seed), 1))
            .toList(),
        true,
        Map.of("losses_of", "tinybert"));
  }
}
