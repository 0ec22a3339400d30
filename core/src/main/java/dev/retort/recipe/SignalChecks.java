package dev.retort.recipe;

import dev.retort.catalog.Named;
import dev.retort.objective.RowObjective;
import dev.retort.signal.Need;
import dev.retort.signal.codec.TokenCodec;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import java.util.TreeSet;

/// Whether the objectives of a recipe can learn from what it keeps of its teacher.
///
/// @param recipe what was asked for
/// @param vocabulary how many tokens the teacher knows
record SignalChecks(Recipe recipe, int vocabulary) {

  /// Why they cannot.
  List<String> problems() {
    List<String> problems = new ArrayList<>();
    if (signals() instanceof TokenSignals.Online) {
      return problems;
    }
    if (heard().isEmpty()) {
      problems.add(
          place()
              + ": no objective compares probabilities with the teacher's, so there is nothing to keep; leave this out");
    }
    heard().forEach((place, term) -> problem(place, term).ifPresent(problems::add));
    if (temperatures().size() > 1) {
      problems.add(
          "%s: probabilities are kept at one temperature, but the objectives have %s; give them one, or use 'online'"
              .formatted(place(), temperatures()));
    }
    if (signals() instanceof TokenSignals.TopK(int k) && k > vocabulary) {
      problems.add(
          "%s.k: %d tokens cannot be named; the model knows %d".formatted(place(), k, vocabulary));
    }
    return problems;
  }

  /// What keeps it; empty if nothing is kept. There must be no problems.
  Optional<TokenCodec> codec() {
    return temperatures().stream()
        .findFirst()
        .flatMap(temperature -> signals().codec(temperature, vocabulary));
  }

  private Optional<String> problem(String place, Term term) {
    if (term.objective().needs().contains(Need.LOGITS)) {
      return Optional.of(
          "%s: %s needs every logit, which `%s: %s` does not keep; use 'online', or another objective"
              .formatted(place, term.name(), place(), name()));
    }
    if (signals() instanceof TokenSignals.Sampled
        && !(term.objective() instanceof RowObjective row && row.learnsFromSamples())) {
      return Optional.of(
          "%s: %s cannot learn from tokens that were drawn, which `%s: %s` keeps; use forward-kl or hinton, or 'top-k'"
              .formatted(place, term.name(), place(), name()));
    }
    return Optional.empty();
  }

  /// The terms that compare probabilities with the teacher's.
  private SequencedMap<String, Term> heard() {
    SequencedMap<String, Term> heard = new LinkedHashMap<>();
    recipe
        .terms()
        .forEach((place, term) -> {
          if (term.isFromTeacher()
              && term.objective().needs().stream()
                  .anyMatch(need -> need == Need.DISTRIBUTION || need == Need.LOGITS)) {
            heard.put(place, term);
          }
        });
    return heard;
  }

  private Set<Double> temperatures() {
    Set<Double> temperatures = new TreeSet<>();
    for (Term term : heard().values()) {
      if (term.objective() instanceof RowObjective row) {
        row.teacherTemperature().ifPresent(temperatures::add);
      }
    }
    return temperatures;
  }

  private TokenSignals signals() {
    return recipe.mainTeacher().signals();
  }

  private String name() {
    return Objects.requireNonNull(signals().getClass().getAnnotation(Named.class)).value();
  }

  private String place() {
    return recipe.lineup().path(recipe.lineup().mainName()) + ".signals";
  }
}
