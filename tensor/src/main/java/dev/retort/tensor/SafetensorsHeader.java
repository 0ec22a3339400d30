package dev.retort.tensor;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The header of a safetensors file, parsed and checked: where each tensor lies in the data that
/// follows it, in the order of the data.
record SafetensorsHeader(SequencedMap<String, Entry> entries, Map<String, String> metadata) {

  /// The key under which a header keeps text that is not a tensor.
  static final String METADATA = "__metadata__";

  private static final JsonMapper JSON =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  /// The bytes `[begin, end)` of the data as a tensor.
  record Entry(DType dtype, List<Long> shape, long begin, long end) {}

  /// Parses the header and checks that its tensors cover `dataSize` bytes of data without a hole.
  static SafetensorsHeader parse(Path file, byte[] json, long dataSize)
      throws SafetensorsException {
    return new Parser(file).parse(json, dataSize);
  }

  /// The parser of one file's header, which knows the file that its messages name.
  private record Parser(Path file) {

    SafetensorsHeader parse(byte[] json, long dataSize) throws SafetensorsException {
      JsonNode root = tree(json);
      Map<String, String> metadata = metadata(root.path(METADATA));
      List<Map.Entry<String, Entry>> entries = new ArrayList<>();
      for (Map.Entry<String, JsonNode> property : root.properties()) {
        if (!property.getKey().equals(METADATA)) {
          entries.add(Map.entry(property.getKey(), entry(property.getKey(), property.getValue())));
        }
      }
      entries.sort(
          Comparator.<Map.Entry<String, Entry>>comparingLong(e -> e.getValue().begin())
              .thenComparingLong(e -> e.getValue().end()));
      requireCovered(entries, dataSize);
      SequencedMap<String, Entry> ordered = new LinkedHashMap<>();
      entries.forEach(e -> ordered.put(e.getKey(), e.getValue()));
      return new SafetensorsHeader(ordered, metadata);
    }

    private JsonNode tree(byte[] json) throws SafetensorsException {
      try {
        String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(json)).toString();
        if (text.startsWith("{")) {
          return JSON.readTree(text);
        }
        throw damaged("the header does not begin with '{', so this is no safetensors file");
      } catch (CharacterCodingException e) {
        throw damaged("the header is not UTF-8 text", e);
      } catch (JacksonException e) {
        throw damaged("the header is not valid JSON: " + e.getOriginalMessage(), e);
      }
    }

    private Map<String, String> metadata(JsonNode node) throws SafetensorsException {
      Map<String, String> metadata = new LinkedHashMap<>();
      if (!node.isMissingNode() && !node.isObject()) {
        throw damaged(METADATA + " must be an object of strings, found " + node);
      }
      for (Map.Entry<String, JsonNode> property : node.properties()) {
        if (!property.getValue().isString()) {
          throw damaged(
              "%s.%s must be a string, found %s"
                  .formatted(METADATA, property.getKey(), property.getValue()));
        }
        metadata.put(property.getKey(), property.getValue().stringValue());
      }
      return metadata;
    }

    private Entry entry(String name, JsonNode node) throws SafetensorsException {
      DType dtype = dtype(name, node.path("dtype"));
      List<Long> shape = numbers(name, "shape", node.path("shape"));
      List<Long> offsets = numbers(name, "data_offsets", node.path("data_offsets"));
      if (offsets.size() != 2 || offsets.get(0) > offsets.get(1)) {
        throw damaged(
            "tensor '%s': data_offsets must be [begin, end] with begin <= end, found %s"
                .formatted(name, offsets));
      }
      Entry entry = new Entry(dtype, shape, offsets.get(0), offsets.get(1));
      long expected = byteSize(name, entry);
      long found = entry.end() - entry.begin();
      if (found != expected) {
        throw damaged(
            "tensor '%s': %s %s needs %d bytes, but data_offsets %s hold %d"
                .formatted(name, dtype.safetensorsName(), shape, expected, offsets, found));
      }
      return entry;
    }

    private DType dtype(String name, JsonNode node) throws SafetensorsException {
      String found = node.isString() ? node.stringValue() : node.toString();
      return DType.ofSafetensorsName(found)
          .orElseThrow(() -> {
            String known =
                Stream.of(DType.values())
                    .map(DType::safetensorsName)
                    .collect(Collectors.joining(", "));
            return new SafetensorsException(
                file,
                "tensor '%s': dtype '%s' is not one of [%s]; convert it to one of these"
                    .formatted(name, found, known));
          });
    }

    private List<Long> numbers(String name, String field, JsonNode node)
        throws SafetensorsException {
      boolean sizes =
          node.isArray()
              && node.valueStream()
                  .allMatch(
                      n -> n.isIntegralNumber() && n.canConvertToLong() && n.longValue() >= 0);
      if (!sizes) {
        throw damaged(
            "tensor '%s': %s must be a list of whole numbers >= 0, found %s"
                .formatted(name, field, node.isMissingNode() ? "nothing" : node));
      }
      return node.valueStream().map(JsonNode::longValue).toList();
    }

    private long byteSize(String name, Entry entry) throws SafetensorsException {
      try {
        return RawTensor.byteSize(entry.dtype(), entry.shape());
      } catch (IllegalArgumentException e) {
        throw damaged("tensor '%s': %s".formatted(name, e.getMessage()), e);
      }
    }

    private void requireCovered(List<Map.Entry<String, Entry>> entries, long dataSize)
        throws SafetensorsException {
      long covered = 0;
      for (Map.Entry<String, Entry> entry : entries) {
        long begin = entry.getValue().begin();
        if (begin != covered) {
          throw damaged(
              "tensor '%s': its data begins at %d, expected %d: %s"
                  .formatted(
                      entry.getKey(),
                      begin,
                      covered,
                      begin < covered ? "two tensors overlap" : "there is a hole before it"));
        }
        covered = entry.getValue().end();
      }
      if (covered != dataSize) {
        throw damaged(
            "the header describes %d bytes of data, the file holds %d%s"
                .formatted(covered, dataSize, covered > dataSize ? ": it was cut short" : ""));
      }
    }

    private SafetensorsException damaged(String problem) {
      return new SafetensorsException(file, problem + SafetensorsFile.ADVICE);
    }

    private SafetensorsException damaged(String problem, Exception cause) {
      SafetensorsException damaged = damaged(problem);
      damaged.initCause(cause);
      return damaged;
    }
  }
}
