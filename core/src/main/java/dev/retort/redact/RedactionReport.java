package dev.retort.redact;

import dev.retort.io.Aside;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/// What was replaced, and where; never what it was. Many threads may add to it.
public final class RedactionReport {

  private static final JsonMapper MAPPER =
      JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

  private final Map<String, SortedMap<String, Integer>> byPlace = new ConcurrentSkipListMap<>();

  /// Notes what was replaced at a place; the same place again says the same.
  public void add(String place, Redaction redaction) {
    SortedMap<String, Integer> counts = redaction.counts();
    if (!counts.isEmpty()) {
      byPlace.put(place, counts);
    }
  }

  /// How many pieces were replaced in all, by the name of their placeholders.
  public SortedMap<String, Integer> counts() {
    SortedMap<String, Integer> sum = new TreeMap<>();
    byPlace
        .values()
        .forEach(counts -> counts.forEach((name, count) -> sum.merge(name, count, Integer::sum)));
    return sum;
  }

  /// How many pieces were replaced at each place where there were any.
  public SortedMap<String, SortedMap<String, Integer>> places() {
    return new TreeMap<>(byPlace);
  }

  /// Writes counts and places as JSON.
  public void write(Path file) throws IOException {
    Map<String, Object> report = new TreeMap<>();
    report.put("counts", counts());
    report.put("places", places());
    Aside.file(file, aside -> Files.writeString(aside, MAPPER.writeValueAsString(report) + "\n"));
  }
}
