package dev.retort.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StudentManifestTest {
  private static final String CHECKSUM = "0123456789abcdef".repeat(4);

  @TempDir private Path folder;

  private static StudentManifest manifest() {
    SequencedMap<String, String> files = new LinkedHashMap<>();
    files.put("model.onnx", CHECKSUM);
    files.put("tokenizer.json", CHECKSUM);
    return StudentManifest.classification(
        new StudentManifest.Input(List.of("input_ids", "attention_mask"), 128, false, 0),
        new StudentManifest.Output(List.of("zebra", "ant"), 1.5),
        files);
  }

  private static String json() {
    return """
    {"formatVersion": 1, "task": "classification",
     "input": {"names": ["input_ids", "attention_mask"], "maxLength": 128, "pair": false,
               "padId": 0},
     "output": {"labels": ["zebra", "ant"], "temperature": 1.5},
     "files": {"model.onnx": "%s", "tokenizer.json": "%s"}}
    """
        .formatted(CHECKSUM, CHECKSUM);
  }

  private StudentManifest read(String json) throws IOException {
    Files.writeString(folder.resolve("retort.json"), json);
    return StudentManifest.read(folder);
  }

  @Test
  void writtenManifestsReadBackEqual() throws IOException {
    manifest().write(folder);

    assertThat(StudentManifest.read(folder)).isEqualTo(manifest());
    assertThat(StudentManifest.read(folder).output().labels()).containsExactly("zebra", "ant");
    assertThat(folder)
        .isDirectoryContaining("glob:**/retort.json")
        .isDirectoryNotContaining("glob:**/*.part");
  }

  @Test
  void theDocumentedLayoutIsRead() throws IOException {
    assertThat(read(json())).isEqualTo(manifest());
  }

  @Test
  void keysAreWrittenInTheDocumentedOrder() throws IOException {
    manifest().write(folder);

    assertThat(Files.readString(folder.resolve("retort.json")))
        .containsSubsequence(
            "formatVersion", "task", "input", "maxLength", "pair", "padId", "output", "files");
  }

  @Test
  void writingReplacesAnOlderManifest() throws IOException {
    read(json().replace("128", "64"));

    manifest().write(folder);

    assertThat(StudentManifest.read(folder).input().maxLength()).isEqualTo(128);
  }

  @Test
  void temperatureDefaultsToOne() throws IOException {
    assertThat(read(json().replace(", \"temperature\": 1.5", "")).output().temperature())
        .isEqualTo(1.0);
  }

  @Test
  void unknownKeysOfTheSameVersionAreIgnored() throws IOException {
    assertThat(read(json().replace("\"task\"", "\"madeBy\": \"a later 1.x\", \"task\"")))
        .isEqualTo(manifest());
  }

  @Test
  void aNewerVersionIsRefusedBeforeItsKeysAreRead() {
    assertThatThrownBy(() -> read("{\"formatVersion\": 2, \"heads\": []}"))
        .isInstanceOf(StudentException.class)
        .hasMessageContaining("has format version 2, made by a newer Retort")
        .hasMessageContaining("Upgrade retort-runtime");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          "formatVersion": 1,    | ''                  | formatVersion:
          "formatVersion": 1,    | "formatVersion": "1",| formatVersion: "1" must be
          "classification"       | "ranking"           | task: 'ranking' must be
          "maxLength": 128,      | ''                  | input.maxLength: Missing creator property
          "maxLength": 128       | "maxLength": "long" | input.maxLength:
          "maxLength": 128       | "maxLength": 128.5  | input.maxLength:
          "maxLength": 128       | "maxLength": 0      | input.maxLength: 0 must be at least 1
          "padId": 0             | "padId": -1         | input.padId: -1 must be at least 0
          "attention_mask"       | "token_type_ids"    | input.names: [input_ids, token_type
          "attention_mask"       | "pixel_values"      | input.names: [input_ids, pixel
          "zebra", "ant"         | "zebra"             | output.labels: [zebra] must
          "zebra", "ant"         | "ant", "ant"        | output.labels: [ant, ant] must not repeat
          "zebra", "ant"         | "ant", [7]          | output
          "zebra", "ant"         | "ant", null         | output
          1.5                    | 0                   | output.temperature: 0.0 must be
          "output"               | "outputs"           | output
          "model.onnx"           | "model.bin"         | files: [model.bin, tokenizer
          "tokenizer.json"       | "vocab.txt"         | files: [model.onnx, vocab
          "model.onnx"           | "../model.onnx"     | files: '../model.onnx' must
          "model.onnx": "0123    | "model.onnx": "XYZ  | files: model.onnx: 'XYZ
          """)
  void aBrokenManifestIsNamedByItsKey(String found, String replacement, String problem) {
    assertThat(json()).contains(found);
    assertThatThrownBy(() -> read(json().replace(found, replacement)))
        .isInstanceOf(StudentException.class)
        .hasMessageStartingWith(folder.resolve("retort.json").toString())
        .hasMessageContaining(problem)
        .hasMessageContaining("retort export RUN --to onnx");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          ''                       | is not a JSON object
          [1]                      | is not a JSON object
          {"formatVersion": 1, oh  | is not JSON: line 1, column
          """)
  void whatIsNotJsonIsSaidToBeSo(String text, String problem) {
    assertThatThrownBy(() -> read(text))
        .isInstanceOf(StudentException.class)
        .hasMessageContaining(problem);
  }

  @Test
  void checksumsAreTheSha256OfTheFiles() throws IOException {
    Files.writeString(folder.resolve("abc"), "abc");

    // FIPS 180-2, appendix B.1
    assertThat(StudentManifest.checksums(folder, List.of("abc")))
        .containsExactly(
            Map.entry("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"));
  }

  @Test
  void aChecksumIsAskedByName() {
    assertThat(manifest().checksum("model.onnx")).isEqualTo(CHECKSUM);
    assertThatThrownBy(() -> manifest().checksum("model-int8.onnx"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("'model-int8.onnx' is not one of [model.onnx, tokenizer.json]");
  }
}
