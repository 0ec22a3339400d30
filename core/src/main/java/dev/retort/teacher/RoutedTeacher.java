package dev.retort.teacher;

import dev.retort.data.Batch;
import dev.retort.io.Sha256;
import dev.retort.signal.Distribution;
import dev.retort.signal.Need;
import dev.retort.signal.Signals;
import dev.retort.tensor.Tensor;
import dev.retort.tensor.Tensors;
import java.util.ArrayList;
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
/// @param <B> what they are asked about; the models decide once about an example
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
    List<Tensor> parts = new ArrayList<>();
    List<Integer> places = new ArrayList<>();
    for (Map.Entry<String, List<Integer>> group : placesByRoute(question).entrySet()) {
      List<Integer> some = group.getValue();
      int[] rows = some.stream().mapToInt(place -> question.batch().rows()[place]).toArray();
      Question<B> part = new Question<>(question.data(), question.data().batch(rows));
      parts.add(Logits.of(teacher(group.getKey()), part));
      places.addAll(some);
    }
    Tensor logitsNV = Tensors.concatenate(parts, 0);
    if (logitsNV.size(0) != places.size()) {
      throw new IllegalStateException(
          "%d answers about %d examples; routing needs one for each"
              .formatted(logitsNV.size(0), places.size()));
    }
    return Signals.of(new Distribution.Dense(logitsNV.indexSelect(0, inverse(places))));
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

  /// The permutation that undoes `places`.
  private static Tensor inverse(List<Integer> places) {
    long[] inverse = new long[places.size()];
    for (int i = 0; i < inverse.length; i++) {
      inverse[places.get(i)] = i;
    }
    return Tensors.of(inverse, inverse.length);
  }

  @Override
  public void close() {
    routes.values().stream().distinct().forEach(Teacher::close);
  }
}
