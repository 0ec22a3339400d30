package dev.retort.data;

import dev.retort.catalog.Suggestion;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The column that says which teacher answers about an example.
///
/// @param name the column
/// @param allowed what it may say
public record RouteColumn(String name, List<String> allowed) {

  public RouteColumn {
    allowed = List.copyOf(allowed);
  }

  /// What else it says in `data`, an error each.
  List<Finding> unknown(Dataset data) {
    Map<String, List<Place>> places = new LinkedHashMap<>();
    for (Example example : data.examples()) {
      String route = example.route().orElse("");
      if (!allowed.contains(route)) {
        places.computeIfAbsent(route, _ -> new ArrayList<>()).add(example.place());
      }
    }
    List<Finding> findings = new ArrayList<>();
    places.forEach((route, found) ->
        findings.add(Finding.at(Finding.Severity.ERROR, found, message(data, route))));
    return findings;
  }

  private String message(Dataset data, String route) {
    String found = route.isEmpty() ? "is empty" : "is '%s'".formatted(route);
    return "%s: %s %s, which leads to no teacher; combine.routes has %s%s"
        .formatted(data.name(), name, found, allowed, Suggestion.suffix(route, allowed));
  }
}
