package dev.retort.run;

import dev.retort.data.SequenceBatch;
import dev.retort.data.SequenceDataset;
import dev.retort.eval.Measured;
import dev.retort.eval.Metric;
import dev.retort.eval.Predictions;
import dev.retort.model.Precision;
import dev.retort.model.decoder.CausalLanguageModel;
import dev.retort.model.decoder.PretrainedDecoder;
import dev.retort.recipe.GenerationPlan;
import dev.retort.recipe.Lineup;
import dev.retort.teacher.Combination;
import dev.retort.teacher.LocalTeacher;
import dev.retort.teacher.Member;
import dev.retort.teacher.Teacher;
import dev.retort.teacher.WithFeatures;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SequencedMap;

/// The teachers of a language model, all of which know the language.
///
/// @param lineup what the recipe says of them
/// @param models their weights by name, in recipe order
/// @param fingerprints hash of all that the answers of each depend on, by name
/// @param qualities the share of the validation data's tokens that each finds, where that matters,
///   by name
record LanguageTeachers(
    Lineup lineup,
    SequencedMap<String, CausalLanguageModel> models,
    SequencedMap<String, String> fingerprints,
    Map<String, Double> qualities)
    implements AutoCloseable {

  LanguageTeachers {
    models = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(models));
    fingerprints = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(fingerprints));
    qualities = Map.copyOf(qualities);
  }

  /// Reads the weights of all teachers of `plan`.
  ///
  /// @param validation what they are judged by where they count by how good they are
  static LanguageTeachers open(GenerationPlan plan, SequenceDataset validation) throws IOException {
    Lineup lineup = plan.recipe().lineup();
    boolean judged = lineup.combination().filter(Combination::readsQuality).isPresent();
    SequencedMap<String, CausalLanguageModel> models = new LinkedHashMap<>();
    Map<String, Double> qualities = new LinkedHashMap<>();
    try {
      for (Map.Entry<String, PretrainedDecoder> teacher : plan.teachers().entrySet()) {
        CausalLanguageModel weights = teacher.getValue().weights();
        models.put(teacher.getKey(), weights);
        if (judged) {
          Predictions found =
              TokenAnswers.predictions(weights, validation, plan.recipe().train().precision());
          qualities.put(teacher.getKey(), Scoring.accuracy(found));
        }
      }
      return new LanguageTeachers(lineup, models, fingerprints(plan), qualities);
    } catch (IOException | RuntimeException e) {
      models.values().forEach(CausalLanguageModel::close);
      throw e;
    }
  }

  /// Hash of all that the answers of each teacher of `plan` depend on, by name.
  static SequencedMap<String, String> fingerprints(GenerationPlan plan) throws IOException {
    SequencedMap<String, String> fingerprints = new LinkedHashMap<>();
    for (Map.Entry<String, PretrainedDecoder> teacher : plan.teachers().entrySet()) {
      fingerprints.put(
          teacher.getKey(),
          Fingerprints.of(
              Fingerprints.ofFolder(teacher.getValue().folder()),
              plan.recipe().lineup().teacher(teacher.getKey()).maxLength()));
    }
    return fingerprints;
  }

  /// The teacher that the student is made of, or whose states it learns.
  CausalLanguageModel main() {
    return model(lineup.mainName());
  }

  private CausalLanguageModel model(String name) {
    return Objects.requireNonNull(models.get(name));
  }

  /// The teacher of this name, asked in `precision`.
  private LocalTeacher<SequenceBatch> local(String name, Precision precision) {
    return new LocalTeacher<>(
        name, Objects.requireNonNull(fingerprints.get(name)), model(name), precision);
  }

  /// Who says what follows: the only teacher, or all of them as the recipe combines them.
  Teacher<SequenceBatch> together(Precision precision) {
    if (lineup.combination().isEmpty()) {
      return local(lineup.mainName(), precision);
    }
    List<Member<SequenceBatch>> members = new ArrayList<>();
    for (String name : models.sequencedKeySet()) {
      members.add(
          new Member<>(
              local(name, precision),
              lineup.teacher(name).weight(),
              qualities.getOrDefault(name, 1.0)));
    }
    return lineup.combination().get().of(members);
  }

  /// The same, with the states of the teacher that the student is made of.
  Teacher<SequenceBatch> inside(Precision precision) {
    return lineup.combination().isEmpty()
        ? together(precision)
        : new WithFeatures<>(together(precision), local(lineup.mainName(), precision));
  }

  /// Hash of all that they answer from together.
  String fingerprint() {
    return together(Precision.FP32).fingerprint();
  }

  /// The same models to be asked in `precision` alone; they share weights with these, which must
  /// not be closed before.
  LanguageTeachers frozen(Precision precision) {
    SequencedMap<String, CausalLanguageModel> frozen = new LinkedHashMap<>();
    models.forEach((name, model) -> frozen.put(name, model.frozen(precision)));
    return new LanguageTeachers(lineup, frozen, fingerprints, qualities);
  }

  /// What they say about the next tokens of `data` without having seen them: all together first if
  /// there are several, then each.
  List<TokenLesson.Heard> heard(SequenceDataset data) {
    List<TokenLesson.Heard> heard = new ArrayList<>();
    if (lineup.combination().isPresent()) {
      Teacher<SequenceBatch> all = together(Precision.FP32);
      double weights = models.values().stream().mapToLong(CausalLanguageModel::weights).sum();
      heard.add(
          new TokenLesson.Heard(
              all.name(),
              Map.of(Metric.PARAMETERS, Measured.exactly(weights)),
              TokenAnswers.predictions(all, data, main().config().tokens())));
    }
    models.forEach((name, model) ->
        heard.add(
            new TokenLesson.Heard(
                name,
                Measuring.parameters(model),
                TokenAnswers.predictions(model, data, Precision.FP32))));
    return heard;
  }

  @Override
  public void close() {
    models.values().forEach(CausalLanguageModel::close);
  }
}
