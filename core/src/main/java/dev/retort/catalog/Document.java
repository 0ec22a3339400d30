package dev.retort.catalog;

import java.util.List;
import java.util.Optional;

/// A recipe that was read but not yet understood.
///
/// @param source the file, or another name for where it came from; messages start with it
/// @param root the settings at the top level
public record Document(String source, Node.Mapping root) {

  /// A problem at `path`, located where the setting, or the nearest one around it, is written. For
  /// checks that come after binding, when several settings do not fit each other.
  public Problem problem(String path, String message) {
    return new Problem(path, locate(path), message);
  }

  private Location locate(String path) {
    Node node = root;
    for (SettingPath.Step step :
        SettingPath.parse(path).map(SettingPath::steps).orElse(List.of())) {
      Optional<Node> inner = enter(node, step);
      if (inner.isEmpty()) {
        return node.at();
      }
      node = inner.get();
    }
    return node.at();
  }

  private static Optional<Node> enter(Node node, SettingPath.Step step) {
    return switch (step) {
      case SettingPath.Step.Key(String name) when node instanceof Node.Mapping mapping ->
          Optional.ofNullable(mapping.entries().get(name));
      case SettingPath.Step.Index(int position)
          when node instanceof Node.Sequence list && position < list.items().size() ->
          Optional.of(list.items().get(position));
      default -> Optional.empty();
    };
  }
}
