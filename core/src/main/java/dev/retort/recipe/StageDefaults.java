package dev.retort.recipe;

import dev.retort.catalog.Document;
import dev.retort.catalog.Node;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;

/// Lays a recipe's own `train` under that of each of its stages, so that a stage need only say what
/// is different about it. Nodes keep their places in the file.
final class StageDefaults {

  private static final String TRAIN = "train";
  private static final String STAGES = "stages";

  private StageDefaults() {}

  static Document apply(Document recipe) {
    SequencedMap<String, Node> entries = new LinkedHashMap<>(recipe.root().entries());
    if (!(entries.get(TRAIN) instanceof Node.Mapping shared)
        || !(entries.get(STAGES) instanceof Node.Sequence stages)) {
      return recipe;
    }
    List<Node> filled = stages.items().stream().map(stage -> under(stage, shared)).toList();
    entries.put(STAGES, new Node.Sequence(filled, stages.at()));
    return new Document(recipe.source(), new Node.Mapping(entries, recipe.root().at()));
  }

  private static Node under(Node stage, Node.Mapping shared) {
    if (!(stage instanceof Node.Mapping(var settings, var at))) {
      return stage;
    }
    SequencedMap<String, Node> all = new LinkedHashMap<>(settings);
    switch (settings.get(TRAIN)) {
      case null -> all.put(TRAIN, shared);
      case Node.Mapping own -> {
        SequencedMap<String, Node> both = new LinkedHashMap<>(shared.entries());
        both.putAll(own.entries());
        all.put(TRAIN, new Node.Mapping(both, own.at()));
      }
      default -> {
        // Whatever it is, the binder says why it is none.
      }
    }
    return new Node.Mapping(all, at);
  }
}
