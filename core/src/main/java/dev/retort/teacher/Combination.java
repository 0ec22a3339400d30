package dev.retort.teacher;

import dev.retort.catalog.Catalog;
import dev.retort.catalog.Check;
import dev.retort.catalog.Default;
import dev.retort.catalog.Doc;
import dev.retort.catalog.Named;
import dev.retort.data.Batch;
import dev.retort.data.RouteColumn;
import dev.retort.signal.Need;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;

/// How several teachers become one: the `combine:` section of a recipe.
public sealed interface Combination {

  /// The combinations by name.
  Catalog<Combination> CATALOG =
      Catalog.of(
          "combination", Combination.class, Mixture.class, LogitAverage.class, Routing.class);

  /// What teachers together can say; nothing of what they compute inside.
  Set<Need> offers();

  /// Whether [Member#quality] decides how much a teacher counts.
  default boolean readsQuality() {
    return false;
  }

  /// The members as one teacher.
  <B extends Batch> Teacher<B> of(List<Member<B>> members);

  /// The mean of their probabilities, which lies between them at every temperature.
  ///
  /// @param weighting how much each counts
  @Named("mixture")
  @Doc("The weighted mean of the teachers' probabilities, which lies between them.")
  record Mixture(@Default("fixed") @Doc("How much each teacher counts.") Weighting weighting)
      implements Combination {
    @Override
    public Set<Need> offers() {
      return Average.PROBABILITIES.offers();
    }

    @Override
    public boolean readsQuality() {
      return weighting instanceof Weighting.Quality;
    }

    @Override
    public <B extends Batch> Teacher<B> of(List<Member<B>> members) {
      return new EnsembleTeacher<>(members, weighting, Average.PROBABILITIES);
    }
  }

  /// The mean of their logits, a geometric mean of probabilities.
  ///
  /// @param weighting how much each counts
  @Named("logit-average")
  @Doc("The weighted mean of the teachers' logits, which may be surer than each of them.")
  record LogitAverage(@Default("fixed") @Doc("How much each teacher counts.") Weighting weighting)
      implements Combination {
    @Override
    public Set<Need> offers() {
      return Average.LOGITS.offers();
    }

    @Override
    public boolean readsQuality() {
      return weighting instanceof Weighting.Quality;
    }

    @Override
    public <B extends Batch> Teacher<B> of(List<Member<B>> members) {
      return new EnsembleTeacher<>(members, weighting, Average.LOGITS);
    }
  }

  /// One teacher for each example, named by a column of the data.
  ///
  /// @param column the column
  /// @param routes the teacher's name by what the column says
  @Named("routing")
  @Doc("Each example is answered by the teacher that a column of the data leads to.")
  record Routing(
      @Doc("The column of the data that decides.") String column,
      @Doc("What the column may say, and the name of the teacher that answers then.")
          Map<String, String> routes)
      implements Combination {

    public Routing {
      Check.notBlank("column", column);
      Check.notEmpty("routes", routes.keySet());
      routes = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(routes));
    }

    /// The column, and what it may say.
    public RouteColumn routeColumn() {
      return new RouteColumn(column, List.copyOf(routes.keySet()));
    }

    @Override
    public Set<Need> offers() {
      return RoutedTeacher.OFFERS;
    }

    @Override
    public <B extends Batch> Teacher<B> of(List<Member<B>> members) {
      Map<String, Teacher<B>> byName = new LinkedHashMap<>();
      members.forEach(member -> byName.put(member.teacher().name(), member.teacher()));
      SequencedMap<String, Teacher<B>> chosen = new LinkedHashMap<>();
      routes.forEach((route, name) ->
          chosen.put(
              route,
              Optional.ofNullable(byName.get(name))
                  .orElseThrow(() ->
                      new IllegalArgumentException(
                          "routes: '%s' is not one of %s".formatted(name, byName.keySet())))));
      return new RoutedTeacher<>(chosen);
    }
  }
}
