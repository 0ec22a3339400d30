package dev.retort.catalog;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.Set;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;
import org.snakeyaml.engine.v2.schema.CoreSchema;

/// Reads YAML 1.2 into a [Document] that knows where every setting stands. Duplicate keys are
/// refused, anchors, aliases and merge keys (`<<`) work, and a file that is not YAML is explained
/// in plain words.
public final class YamlReader {

  private static final Set<Tag> LITERALS = Set.of(Tag.INT, Tag.FLOAT, Tag.BOOL);
  private static final Set<Tag> SUPPORTED =
      Set.of(Tag.INT, Tag.FLOAT, Tag.BOOL, Tag.NULL, Tag.STR, Tag.SEQ, Tag.MAP);

  private final List<Problem> problems = new ArrayList<>();

  private YamlReader() {}

  /// Reads a UTF-8 file; throws [RecipeException] if it cannot be read or is not a mapping.
  public static Document read(Path file) {
    try {
      return parse(file.toString(), Files.readString(file));
    } catch (NoSuchFileException e) {
      throw refused(file, "there is no such file", e);
    } catch (CharacterCodingException e) {
      throw refused(file, "the file is not UTF-8 text", e);
    } catch (IOException e) {
      throw refused(file, "the file cannot be read: " + e.getMessage(), e);
    }
  }

  /// Reads the text of a recipe; `source` is what messages call it.
  public static Document parse(String source, String text) {
    return switch (node(source, text)) {
      case Node.Mapping mapping ->
          new Document(source, new Node.Mapping(mapping.entries(), new Location.Nowhere()));
      case Node.Empty _ ->
          throw refused(
              source,
              new Location.Nowhere(),
              "the recipe is empty; it needs settings (key: value)");
      case Node.Scalar scalar -> throw notSettings(source, scalar);
      case Node.Sequence list -> throw notSettings(source, list);
    };
  }

  /// Reads any value, as a default or an override holds it.
  static Node node(String source, String text) {
    try {
      YamlReader reader = new YamlReader();
      Node node = reader.document(text);
      if (!reader.problems.isEmpty()) {
        throw new RecipeException(source, reader.problems);
      }
      return node;
    } catch (YamlEngineException e) {
      RecipeException refused = new RecipeException(source, List.of(YamlSyntax.problem(e, text)));
      refused.initCause(e);
      throw refused;
    }
  }

  private Node document(String text) {
    LoadSettings settings = LoadSettings.builder().setSchema(new CoreSchema()).build();
    Iterator<org.snakeyaml.engine.v2.nodes.Node> documents =
        new Compose(settings).composeAllFromString(text).iterator();
    if (!documents.hasNext()) {
      return new Node.Empty(new Location.Nowhere());
    }
    var root = documents.next();
    Node node = node(root, "", location(root));
    if (documents.hasNext()) {
      Location second = location(documents.next());
      problems.add(new Problem("", second, "a second document starts here; a recipe is one"));
    }
    return node;
  }

  private Node node(org.snakeyaml.engine.v2.nodes.Node node, String path, Location at) {
    if (node.isRecursive()) {
      problems.add(new Problem(path, at, "contains itself through an alias"));
      return new Node.Empty(at);
    }
    if (!SUPPORTED.contains(node.getTag())) {
      String message = "the tag '%s' has no meaning here; delete it".formatted(node.getTag());
      problems.add(new Problem(path, at, message));
    }
    return switch (node) {
      case ScalarNode scalar when scalar.isPlain() && scalar.getTag().equals(Tag.NULL) ->
          new Node.Empty(at);
      case ScalarNode scalar ->
          new Node.Scalar(
              scalar.getValue(), scalar.isPlain() && LITERALS.contains(scalar.getTag()), at);
      case SequenceNode sequence -> sequence(sequence, path, at);
      case MappingNode mapping -> mapping(mapping, path, at);
      default -> throw new IllegalStateException("YAML has no other nodes, but found " + node);
    };
  }

  private Node sequence(SequenceNode sequence, String path, Location at) {
    List<Node> items = new ArrayList<>();
    for (var item : sequence.getValue()) {
      items.add(node(item, SettingPath.join(path, items.size()), location(item)));
    }
    return new Node.Sequence(items, at);
  }

  private Node mapping(MappingNode mapping, String path, Location at) {
    SequencedMap<String, Node> entries = new LinkedHashMap<>();
    for (NodeTuple tuple : mapping.getValue()) {
      // The composer refuses keys that are not scalars.
      String key = ((ScalarNode) tuple.getKeyNode()).getValue();
      String inner = SettingPath.join(path, key);
      Location place = location(tuple.getKeyNode());
      Node earlier = entries.putIfAbsent(key, node(tuple.getValueNode(), inner, place));
      if (earlier != null) {
        String message = "is set twice, first in " + earlier.at() + "; keep one of the two";
        problems.add(new Problem(inner, place, message));
      }
    }
    return new Node.Mapping(entries, at);
  }

  private static Location location(org.snakeyaml.engine.v2.nodes.Node node) {
    return YamlSyntax.location(node.getStartMark());
  }

  private static RecipeException notSettings(String source, Node found) {
    String message = "a recipe consists of settings (key: value) but this is " + found.found();
    return refused(source, found.at(), message);
  }

  private static RecipeException refused(String source, Location at, String message) {
    return new RecipeException(source, List.of(new Problem("", at, message)));
  }

  private static RecipeException refused(Path file, String message, IOException cause) {
    RecipeException refused = refused(file.toString(), new Location.Nowhere(), message);
    refused.initCause(cause);
    return refused;
  }
}
