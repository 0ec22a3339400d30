package dev.retort.catalog;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.snakeyaml.engine.v2.api.Dump;
import org.snakeyaml.engine.v2.api.DumpSettings;
import org.snakeyaml.engine.v2.api.StreamDataWriter;
import org.snakeyaml.engine.v2.common.FlowStyle;
import org.snakeyaml.engine.v2.common.ScalarStyle;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;
import org.snakeyaml.engine.v2.schema.CoreSchema;

/// Writes a [Node] as YAML.
final class YamlText {

  /// Texts that are safe in YAML 1.2 but that readers of YAML 1.1 take for something else.
  private static final Pattern TRAP = Pattern.compile("(?i:y|n|yes|no|on|off)|[-+]?[0-9._:eE-]+");

  private YamlText() {}

  static String of(Node node) {
    DumpSettings settings =
        DumpSettings.builder()
            .setSchema(new CoreSchema())
            .setDefaultFlowStyle(FlowStyle.BLOCK)
            .setIndicatorIndent(2)
            .setIndentWithIndicator(true)
            .setSplitLines(false)
            .build();
    Text text = new Text(new StringBuilder());
    new Dump(settings).dumpNode(convert(node), text);
    return text.out.toString();
  }

  private record Text(StringBuilder out) implements StreamDataWriter {
    @Override
    public void write(String text) {
      out.append(text);
    }

    @Override
    public void write(String text, int offset, int length) {
      out.append(text, offset, offset + length);
    }
  }

  private static org.snakeyaml.engine.v2.nodes.Node convert(Node node) {
    return switch (node) {
      case Node.Scalar(String text, boolean literal, Location _) ->
          literal ? literal(text) : text(text);
      case Node.Empty _ -> new ScalarNode(Tag.NULL, "null", ScalarStyle.PLAIN);
      case Node.Sequence list ->
          new SequenceNode(
              Tag.SEQ, list.items().stream().map(YamlText::convert).toList(), FlowStyle.BLOCK);
      case Node.Mapping mapping -> {
        List<NodeTuple> tuples = new ArrayList<>();
        mapping
            .entries()
            .forEach((key, value) -> tuples.add(new NodeTuple(text(key), convert(value))));
        yield new MappingNode(Tag.MAP, tuples, FlowStyle.BLOCK);
      }
    };
  }

  private static ScalarNode literal(String text) {
    return new ScalarNode(
        new CoreSchema().getScalarResolver().resolve(text, true), text, ScalarStyle.PLAIN);
  }

  private static ScalarNode text(String text) {
    boolean trap = TRAP.matcher(text).matches();
    return new ScalarNode(Tag.STR, text, trap ? ScalarStyle.SINGLE_QUOTED : ScalarStyle.PLAIN);
  }
}
