package dev.retort.model.convert;

import dev.retort.hub.Address;
import dev.retort.hub.Checksum;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/// The file `source.json` of a converted model: where it came from, and which files it has.
///
/// @param address the address of the original
/// @param sha256 the digest of the original
/// @param converter the version of the conversion
/// @param files the sizes of the files that the conversion wrote
record Provenance(String address, String sha256, int converter, SortedMap<String, Long> files) {

  private static final String FILE = "source.json";

  /// Raised whenever the conversion writes something else, so that older results are replaced.
  private static final int CONVERTER = 1;

  private static final JsonMapper JSON =
      JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

  /// Writes the file, after all the others.
  static void write(Path folder, Address address, Path original) throws IOException {
    String sha256 = Checksum.of(Checksum.Kind.SHA256, original).hex();
    Provenance provenance = new Provenance(address.text(), sha256, CONVERTER, sizes(folder));
    Files.writeString(folder.resolve(FILE), JSON.writeValueAsString(provenance));
  }

  /// Whether `folder` holds all files of a conversion from `address`, each of the right size.
  static boolean isIntact(Path folder, Address address) throws IOException {
    if (!Files.isRegularFile(folder.resolve(FILE))) {
      return false;
    }
    try {
      Provenance provenance =
          JSON.readValue(Files.readAllBytes(folder.resolve(FILE)), Provenance.class);
      return provenance.converter() == CONVERTER
          && address.text().equals(provenance.address())
          && sizes(folder).equals(provenance.files());
    } catch (JacksonException damaged) {
      return false; // the conversion is repeated, which repairs it
    }
  }

  private static SortedMap<String, Long> sizes(Path folder) throws IOException {
    SortedMap<String, Long> sizes = new TreeMap<>();
    try (Stream<Path> files = Files.walk(folder)) {
      List<Path> regular = files.filter(Files::isRegularFile).toList();
      for (Path file : regular) {
        sizes.put(folder.relativize(file).toString().replace('\\', '/'), Files.size(file));
      }
    }
    sizes.remove(FILE);
    return sizes;
  }
}
