package dev.retort.catalog;

import java.util.ArrayList;
import java.util.List;
import java.util.SequencedCollection;

/// Settings given on the command line, such as `--set train.epochs=3`, laid over a recipe.
public final class Overrides {

  private static final String OPTION = "--set ";

  private Overrides() {}

  /// The recipe with every override applied in turn. An override is `path=value`, its value is
  /// YAML. Whether the path means anything is found when the recipe is bound; throws
  /// [RecipeException] with all overrides that are malformed or point past a list.
  public static Document apply(Document recipe, List<String> overrides) {
    Node.Mapping root = recipe.root();
    List<Problem> problems = new ArrayList<>();
    for (String override : overrides) {
      try {
        root = new Assignment(override).applyTo(root);
      } catch (Refused e) {
        problems.add(e.problem);
      }
    }
    if (!problems.isEmpty()) {
      throw new RecipeException(recipe.source(), problems);
    }
    return new Document(recipe.source(), root);
  }

  private static final class Refused extends Exception {
    private static final long serialVersionUID = 1;
    private final transient Problem problem;

    Refused(Location at, String message) {
      super(message);
      this.problem = new Problem("", at, message);
    }
  }

  private record Assignment(String text) {

    Location at() {
      return new Location.Option(OPTION + text);
    }

    Node.Mapping applyTo(Node.Mapping root) throws Refused {
      int equals = text.indexOf('=');
      SettingPath path =
          SettingPath.parse(equals < 0 ? "" : text.substring(0, equals).strip())
              .filter(parsed -> parsed.steps().getFirst() instanceof SettingPath.Step.Key)
              .orElseThrow(() ->
                  refused("is not 'path=value', such as train.epochs=3 or objective[0].weight=1"));
      Node value = value(text.substring(equals + 1));
      return (Node.Mapping) put(root, path.steps(), "", value);
    }

    private Node value(String yaml) throws Refused {
      try {
        return relocate(YamlReader.node(OPTION + text, yaml));
      } catch (RecipeException e) {
        throw refused("the value is not YAML: " + e.problems().getFirst().message());
      }
    }

    private Node relocate(Node node) {
      return switch (node) {
        case Node.Sequence list ->
            new Node.Sequence(list.items().stream().map(this::relocate).toList(), at());
        case Node.Mapping mapping -> {
          Node.Mapping moved = Node.Mapping.empty(at());
          for (var entry : mapping.entries().entrySet()) {
            moved = moved.with(entry.getKey(), relocate(entry.getValue()));
          }
          yield moved;
        }
        case Node.Scalar _, Node.Empty _ -> node.movedTo(at());
      };
    }

    private Node put(Node node, List<SettingPath.Step> steps, String path, Node value)
        throws Refused {
      if (steps.isEmpty()) {
        return value;
      }
      List<SettingPath.Step> rest = steps.subList(1, steps.size());
      return switch (steps.getFirst()) {
        case SettingPath.Step.Key(String name) -> {
          Node.Mapping mapping = asMapping(node, path);
          Node inner = mapping.entries().getOrDefault(name, new Node.Empty(at()));
          yield mapping.with(name, put(inner, rest, SettingPath.join(path, name), value));
        }
        case SettingPath.Step.Index(int position) -> {
          List<Node> items = new ArrayList<>(asItems(node, path));
          if (position >= items.size()) {
            throw refused(pastTheEnd(path, items));
          }
          String inner = SettingPath.join(path, position);
          items.set(position, put(items.get(position), rest, inner, value));
          yield new Node.Sequence(items, node.at());
        }
      };
    }

    /// `schedule: cosine` is short for `schedule: {use: cosine}`, so settings can join it.
    private Node.Mapping asMapping(Node node, String path) throws Refused {
      return switch (node) {
        case Node.Mapping mapping -> mapping;
        case Node.Empty _ -> Node.Mapping.empty(at());
        case Node.Scalar name -> Node.Mapping.empty(name.at()).with(Shapes.USE, name);
        case Node.Sequence list ->
            throw refused(
                "'%s' is a list of %d; say which, as in %s[0]"
                    .formatted(path, list.items().size(), path));
      };
    }

    private List<Node> asItems(Node node, String path) throws Refused {
      if (node instanceof Node.Sequence list) {
        return list.items();
      }
      throw refused("'%s' is not a list in the recipe, so it has no [index]".formatted(path));
    }

    private static String pastTheEnd(String path, SequencedCollection<Node> items) {
      return items.isEmpty()
          ? "'%s' is an empty list".formatted(path)
          : "'%s' ends at %s[%d]".formatted(path, path, items.size() - 1);
    }

    private Refused refused(String message) {
      return new Refused(at(), message);
    }
  }
}
