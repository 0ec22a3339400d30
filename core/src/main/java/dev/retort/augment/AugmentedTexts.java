package dev.retort.augment;

import dev.retort.data.DataException;
import dev.retort.data.Finding;
import dev.retort.data.Place;
import dev.retort.io.Aside;
import dev.retort.io.Sha256;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/// A file of augmented texts: a line of JSON for each, after one with their checksum.
public final class AugmentedTexts {

  private static final JsonMapper JSON = JsonMapper.shared();

  private record Header(int texts, String sha256) {

    static Header of(List<String> lines) {
      Sha256 hash = new Sha256();
      lines.forEach(hash::add);
      return new Header(lines.size(), hash.hex(Sha256.BYTES));
    }
  }

  private AugmentedTexts() {}

  /// Writes `texts`, aside and then renamed.
  public static void write(Path file, List<AugmentedText> texts) throws IOException {
    List<String> lines = texts.stream().map(JSON::writeValueAsString).toList();
    String header = JSON.writeValueAsString(Header.of(lines));
    Aside.file(
        file,
        aside -> Files.write(aside, Stream.concat(Stream.of(header), lines.stream()).toList()));
  }

  /// What [#write] wrote.
  ///
  /// @throws DataException if the file is damaged
  public static List<AugmentedText> read(Path file) throws IOException {
    try {
      List<String> lines = Files.readAllLines(file);
      List<String> texts = lines.subList(Math.min(1, lines.size()), lines.size());
      if (lines.isEmpty()
          || !JSON.readValue(lines.getFirst(), Header.class).equals(Header.of(texts))) {
        throw damaged(file, new IOException("its checksum is another"));
      }
      return texts.stream().map(line -> JSON.readValue(line, AugmentedText.class)).toList();
    } catch (JacksonException | CharacterCodingException e) {
      throw damaged(file, e);
    }
  }

  private static DataException damaged(Path file, Exception cause) {
    return new DataException(
        new Finding(
            Finding.Severity.ERROR,
            Optional.of(Place.of(file)),
            "the augmented texts are damaged (%s); delete the file to have them made again"
                .formatted(cause.getMessage())),
        cause);
  }
}
