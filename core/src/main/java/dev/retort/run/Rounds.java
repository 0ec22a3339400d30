package dev.retort.run;

import dev.retort.data.Dataset;
import dev.retort.data.Example;
import dev.retort.data.TextBatch;
import dev.retort.data.TokenizedDataset;
import dev.retort.eval.Predictions;
import dev.retort.label.Selection;
import dev.retort.ledger.BudgetSpentException;
import dev.retort.ledger.Dollars;
import dev.retort.model.Network;
import dev.retort.model.Precision;
import dev.retort.model.Predictor;
import dev.retort.recipe.Plan;
import dev.retort.recipe.RoundSettings;
import dev.retort.report.Round;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SequencedSet;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// Decides round by round which texts a teacher behind an API is asked about: it is asked about
/// some, a student learns from them, and what this student knows least is asked about next.
///
/// The student of a round is trained from the beginning, on all that was said until then. A run
/// that is resumed finds the students of its rounds and chooses the same texts again.
///
/// @param trial asks, trains and measures
/// @param plan what was asked for
/// @param settings how rounds go
/// @param listener hears of them
record Rounds(Trial trial, Plan plan, RoundSettings settings, RunListener listener) {

  /// A student of one round, and what it says about the texts that nobody has labelled.
  ///
  /// @param accuracy on the validation data
  /// @param errors for each label, the share of the validation texts taken for it that are none
  /// @param pool for each text of the pool a probability of each label
  /// @param paid what all answers for the recipe have cost so far
  @SuppressWarnings("ArrayRecordComponent") // read, never written
  record Tried(double accuracy, double[] errors, double[][] pool, Dollars paid) {}

  /// What a round consists of.
  interface Trial {

    /// Asks the teachers about `data`.
    RemoteAnswers ask(CheckedData data) throws IOException;

    /// Trains a student on what the teachers said, and has it look at `pool`.
    Tried train(int round, RemoteAnswers answers, Dataset pool) throws IOException;
  }

  /// The outcome of all rounds but the last, which is the run itself.
  ///
  /// @param data what the teachers were asked about for the last student
  /// @param answers what they said
  /// @param rounds those before it
  /// @param chosenBy how the texts that are new in the last one were chosen
  /// @param asked texts that the teacher was asked about
  record Chosen(
      CheckedData data, RemoteAnswers answers, List<Round> rounds, String chosenBy, int asked) {

    Chosen {
      rounds = List.copyOf(rounds);
    }

    /// The row of the last round.
    Round last(double accuracy, Dollars paid) {
      int labelled = data.training().getFirst().size();
      return new Round(rounds.size() + 1, chosenBy, labelled, asked, accuracy, paid.toString());
    }
  }

  /// Goes through the rounds before the last one.
  Chosen choose(CheckedData data) throws IOException {
    AskedTexts texts = new AskedTexts(data, plan.recipe().train().seed());
    texts.ask(Selection.RANDOM, settings.first(), Optional.empty());
    List<Round> rounds = new ArrayList<>();
    Optional<Chosen> before = Optional.empty();
    while (true) {
      CheckedData wanted = texts.data();
      Optional<RemoteAnswers> answers = affordable(before, wanted);
      if (answers.isEmpty()) {
        return before.orElseThrow();
      }
      Chosen now = texts.chosen(wanted, answers.get(), rounds);
      if (rounds.size() + 1 >= settings.most() || texts.pool.isEmpty()) {
        return now;
      }
      Tried tried = trial.train(rounds.size() + 1, now.answers(), texts.pool());
      rounds.add(now.last(tried.accuracy(), tried.paid()));
      if (!goesOn(rounds)) {
        return now;
      }
      texts.ask(settings.select(), settings.each(), Optional.of(tried));
      before = Optional.of(now);
    }
  }

  /// What the teachers say about `data`; nothing if the budget is not enough for it, which it must
  /// be in the first round.
  private Optional<RemoteAnswers> affordable(Optional<Chosen> before, CheckedData data)
      throws IOException {
    try {
      return Optional.of(trial.ask(data));
    } catch (BudgetSpentException e) {
      if (before.isEmpty()) {
        throw e;
      }
      listener.noted(e.getMessage() + "; the student learns from the rounds before");
      return Optional.empty();
    }
  }

  /// Whether the last round added enough for another one.
  private boolean goesOn(List<Round> rounds) {
    double before =
        rounds.subList(0, rounds.size() - 1).stream()
            .mapToDouble(Round::accuracy)
            .max()
            .orElse(Double.NEGATIVE_INFINITY);
    double gain = rounds.getLast().accuracy() - before;
    boolean enough = gain > settings.gain();
    if (!enough) {
      listener.noted(
          String.format(
              Locale.ROOT,
              "round %d added %.2f points of accuracy; no further one",
              rounds.size(),
              100 * gain));
    }
    return enough;
  }

  /// The training texts by whether the teacher was asked about them.
  private static final class AskedTexts {
    private final CheckedData data;
    private final Dataset all;
    private final long seed;
    private final List<Integer> pool;
    private final SequencedSet<Integer> asked = new LinkedHashSet<>();
    private String chosenBy = "";

    AskedTexts(CheckedData data, long seed) {
      this.data = data;
      this.all = data.training().getFirst();
      this.seed = seed;
      Set<String> seen = new HashSet<>();
      this.pool =
          IntStream.range(0, all.size())
              .filter(row -> !all.examples().get(row).isLabelled())
              .filter(row -> seen.add(all.examples().get(row).contentKey()))
              .boxed()
              .collect(Collectors.toCollection(ArrayList::new));
    }

    void ask(Selection select, int count, Optional<Tried> tried) {
      Selection.Pool known =
          tried
              .map(some -> new Selection.Pool(some.pool(), some.errors()))
              .orElseGet(() -> new Selection.Pool(new double[pool.size()][0], new double[0]));
      List<Integer> latest =
          select.choose(known, count, seed + asked.size()).stream().map(pool::get).toList();
      chosenBy = select.recipeName();
      asked.addAll(latest);
      pool.removeAll(Set.copyOf(latest));
    }

    Dataset pool() {
      return all.subset(pool.stream().mapToInt(Integer::intValue).toArray());
    }

    /// The run's data whose training texts are those with a label and those that are asked about.
    CheckedData data() {
      Set<String> keys = new HashSet<>();
      asked.forEach(row -> keys.add(all.examples().get(row).contentKey()));
      return data.withTraining(
          example -> example.isLabelled() || keys.contains(example.contentKey()));
    }

    Chosen chosen(CheckedData wanted, RemoteAnswers answers, List<Round> rounds) {
      return new Chosen(wanted, answers, rounds, chosenBy, asked.size());
    }
  }

  /// What `student` says about `texts`, as probabilities.
  static double[][] probabilities(
      Network<TextBatch> student, TokenizedDataset texts, Precision precision) {
    float[][] logits = Predictor.logits(student, texts, precision);
    double[][] probabilities = new double[logits.length][];
    for (int row = 0; row < logits.length; row++) {
      probabilities[row] = softmax(logits[row]);
    }
    return probabilities;
  }

  private static double[] softmax(float... logits) {
    double max = Double.NEGATIVE_INFINITY;
    for (float logit : logits) {
      max = Math.max(max, logit);
    }
    double[] shares = new double[logits.length];
    double sum = 0;
    for (int i = 0; i < logits.length; i++) {
      shares[i] = Math.exp(logits[i] - max);
      sum += shares[i];
    }
    for (int i = 0; i < shares.length; i++) {
      shares[i] /= sum;
    }
    return shares;
  }

  /// For each label, the share of rows taken for it that are none; 0 where none is.
  static double[] errors(Predictions predictions, List<Example> examples, int labels) {
    double[] taken = new double[labels];
    double[] wrong = new double[labels];
    for (int row = 0; row < examples.size(); row++) {
      int label = predictions.predicted(row);
      taken[label]++;
      wrong[label] += label == examples.get(row).label() ? 0 : 1;
    }
    for (int label = 0; label < labels; label++) {
      wrong[label] = taken[label] == 0 ? 0 : wrong[label] / taken[label];
    }
    return wrong;
  }
}
