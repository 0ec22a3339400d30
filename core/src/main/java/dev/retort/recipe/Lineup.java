package dev.retort.recipe;

import dev.retort.catalog.Check;
import dev.retort.teacher.Combination;
import dev.retort.teacher.EnsembleTeacher;
import dev.retort.teacher.RoutedTeacher;
import dev.retort.teacher.Weighting;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;

/// Whom a run learns from: one teacher, or several and how they become one.
///
/// @param teachers the teachers by name, in recipe order
/// @param combination how several become one; empty for a single one
/// @param mainName the name of the teacher that the student is cut from, and whose hidden states
///   and attention it learns from
public record Lineup(
    SequencedMap<String, TeacherSettings> teachers,
    Optional<Combination> combination,
    String mainName) {

  /// What a single teacher is called, and the beginning of the names of several.
  static final String TEACHER = "teacher";

  /// Names that reports have for others.
  private static final Set<String> TAKEN =
      Set.of("student", "baseline", "judge", EnsembleTeacher.NAME, RoutedTeacher.NAME);

  public Lineup {
    teachers = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(teachers));
  }

  /// The lineup of these parts of a recipe.
  ///
  /// @throws IllegalArgumentException if they contradict each other
  static Lineup of(
      Optional<TeacherSettings> single,
      List<TeacherSettings> several,
      Optional<Combination> combine,
      Optional<String> studentTeacher) {
    Check.that(
        single.isPresent() || !several.isEmpty(),
        TEACHER,
        "is missing; name one under `teacher`, or several under `teachers`. Only a student of task generation, `from` a model of its own, learns without");
    SequencedMap<String, TeacherSettings> named =
        single.isPresent() ? alone(single.get(), several, combine) : together(several);
    Optional<Combination> rule =
        single.isPresent()
            ? Optional.empty()
            : combine.or(() -> Optional.of(new Combination.Mixture(new Weighting.Fixed())));
    rule.ifPresent(combination -> checkRoutes(combination, named));
    String main = studentTeacher.orElse(named.firstEntry().getKey());
    Check.that(
        named.containsKey(main),
        "student.teacher",
        "is '%s', but the teachers are %s".formatted(main, named.keySet()));
    return new Lineup(named, rule, main);
  }

  private static SequencedMap<String, TeacherSettings> alone(
      TeacherSettings teacher, List<TeacherSettings> several, Optional<Combination> combine) {
    Check.that(
        several.isEmpty(), "teachers", "stands beside `teacher`; a recipe has one of the two");
    Check.that(combine.isEmpty(), "combine", "is for several `teachers`, but there is one");
    SequencedMap<String, TeacherSettings> named = new LinkedHashMap<>();
    named.put(checkedName(TEACHER, teacher.name().orElse(TEACHER)), teacher);
    return named;
  }

  private static SequencedMap<String, TeacherSettings> together(List<TeacherSettings> several) {
    Check.that(
        several.size() > 1, "teachers", "holds one teacher; a single one belongs to `teacher`");
    SequencedMap<String, TeacherSettings> named = new LinkedHashMap<>();
    Map<List<Object>, Integer> known = new LinkedHashMap<>();
    for (int i = 0; i < several.size(); i++) {
      TeacherSettings settings = several.get(i);
      String path = "teachers[%d]".formatted(i);
      String name = checkedName(path, settings.name().orElse(TEACHER + "-" + (i + 1)));
      Check.that(
          named.put(name, settings) == null,
          path + ".name",
          "is '%s', as another teacher's".formatted(name));
      Integer twin = known.put(settings.identity(), i);
      Check.that(
          twin == null,
          path,
          "is the same model as teachers[%d], trained alike; give it a `seed` of its own"
              .formatted(Objects.requireNonNullElse(twin, 0)));
    }
    return named;
  }

  private static String checkedName(String path, String name) {
    Check.that(
        name.matches("[A-Za-z0-9][A-Za-z0-9._-]*"),
        path + ".name",
        "must be letters, digits, '.', '_' and '-' but is '%s'".formatted(name));
    Check.that(
        !TAKEN.contains(name),
        path + ".name",
        "is '%s', which means something else in reports".formatted(name));
    return name;
  }

  private static void checkRoutes(
      Combination combination, SequencedMap<String, TeacherSettings> named) {
    if (!(combination instanceof Combination.Routing routing)) {
      return;
    }
    routing
        .routes()
        .forEach((route, name) ->
            Check.that(
                named.containsKey(name),
                "combine.routes." + route,
                "leads to '%s', but the teachers are %s".formatted(name, named.keySet())));
    Set<String> idle = new HashSet<>(named.keySet());
    idle.removeAll(routing.routes().values());
    Check.that(idle.isEmpty(), "combine.routes", "leads nobody to %s".formatted(idle));
    named.forEach((name, settings) ->
        Check.that(
            settings.weight() == 1,
            "teachers",
            "give '%s' a weight, but routing asks one teacher at a time".formatted(name)));
  }

  /// The names of all teachers, in recipe order.
  public List<String> names() {
    return List.copyOf(teachers.sequencedKeySet());
  }

  /// The settings of the teacher of this name.
  ///
  /// @throws IllegalArgumentException if there is none
  public TeacherSettings teacher(String name) {
    return Optional.ofNullable(teachers.get(name))
        .orElseThrow(() ->
            new IllegalArgumentException(
                "there is no teacher '%s', only %s".formatted(name, names())));
  }

  /// The teacher that the student is cut from.
  public TeacherSettings main() {
    return teacher(mainName);
  }

  /// Where the settings of the teacher of this name stand in the recipe.
  public String path(String name) {
    return combination.isEmpty() ? TEACHER : "teachers[%d]".formatted(names().indexOf(name));
  }
}
