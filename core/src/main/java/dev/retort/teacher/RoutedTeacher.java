package dev.retort.teacher;

import dev.retort.data.Batch;
import dev.retort.io.Sha256;
import dev.retort.signal.Distribution;
import dev.retort.signal.Need;
import dev.retort.signal.Signals;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;

/// Several teachers of which each answers about the examples that name it, such as those in its
/// language. The others are not asked.
///
/// @param <B> what they are asked about
/// @param routes who answers, by what the example says
public record RoutedTeacher<B extends Batch>(SequencedMap<String, Teacher<B>> routes)
    implements Teacher<B> {

  /// What routed teachers together are called.
  public static final String NAME = "routed";

  static final Set<Need> OFFERS =
      Collections.unmodifiableSet(EnumSet.of(Need.DISTRIBUTION, Need.LOGITS));

  public RoutedTeacher {
    routes = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(routes));
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public String fingerprint() {
    Sha256 hash = new Sha256().add(NAME);
    routes.forEach((route, teacher) -> hash.add(route).add(teacher.fingerprint()));
    return hash.hex(Sha256.BYTES);
  }

  @Override
  public Set<Need> offers() {
    return OFFERS;
  }

  /// @throws IllegalArgumentException if the examples are mixed: two of them may have two routes
  @Override
  public Signals ask(Question<B> question, Set<Need> needs) {
    if (question.mix().isPresent()) {
      throw new IllegalArgumentException("a mixture of examples has no route to a teacher");
    }
    List<Distribution> parts = new ArrayList<>();
    long[] partOf = new long[question.batch().labels().length];
    long[] rowOf = new long[partOf.length];
    int[] decisions = question.batch().decisions();
    for (Map.Entry<String, List<Integer>> group : placesByRoute(question).entrySet()) {
      List<Integer> places = group.getValue();
      int[] rows = places.stream().mapToInt(place -> question.batch().rows()[place]).toArray();
      Question<B> part = new Question<>(question.data(), question.data().batch(rows));
      int row = 0;
      for (int place : places) {
        int first = Arrays.stream(decisions, 0, place).sum();
        for (int i = first; i < first + decisions[place]; i++) {
          partOf[i] = parts.size();
          rowOf[i] = row++;
        }
      }
      parts.add(Logits.asked(teacher(group.getKey()), part));
      requireRows(parts.getLast(), row);
    }
    RoutedRows routed = new RoutedRows(parts, partOf, rowOf);
    return Signals.of(
        Logits.areDeferred(parts)
            ? new Distribution.Deferred(partOf.length, routed::logits)
            : routed.logits(0, partOf.length));
  }

  private static void requireRows(Distribution answer, long wanted) {
    if (answer.rows() != wanted) {
      throw new IllegalStateException(
          "%d answers about %d decisions; routing needs one for each"
              .formatted(answer.rows(), wanted));
    }
  }

  /// Where in the batch the examples of each route are.
  private static <B extends Batch> SequencedMap<String, List<Integer>> placesByRoute(
      Question<B> question) {
    SequencedMap<String, List<Integer>> groups = new LinkedHashMap<>();
    int[] rows = question.batch().rows();
    for (int place = 0; place < rows.length; place++) {
      String route = question.data().route(rows[place]).orElse("");
      groups.computeIfAbsent(route, _ -> new ArrayList<>()).add(place);
    }
    return groups;
  }

  private Teacher<B> teacher(String route) {
    return Optional.ofNullable(routes.get(route))
        .orElseThrow(() ->
            new IllegalArgumentException(
                "an example says '%s', but teachers are known for %s only"
                    .formatted(route, routes.keySet())));
  }

  @Override
  public void close() {
    routes.values().stream().distinct().forEach(Teacher::close);
  }
}
