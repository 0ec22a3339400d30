package dev.retort.export;

import dev.retort.model.ModelJson;
import dev.retort.model.decoder.CausalLanguageModel;
import dev.retort.model.decoder.DecoderWeights;
import dev.retort.model.decoder.PretrainedDecoder;
import dev.retort.tensor.RawTensor;
import dev.retort.tensor.Scope;
import dev.retort.tensor.Tensors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import tools.jackson.databind.JsonNode;

/// Writes a language model as the `…ForCausalLM` of transformers.
///
/// @param model the student
/// @param source where its tokenizer, chat template and end tokens are from
public record LanguageModelExporter(CausalLanguageModel model, PretrainedDecoder source) {

  /// What a folder has beside tokenizer, weights and configuration.
  private static final List<String> MORE =
      List.of(
          "chat_template.jinja", "chat_template.json", "generation_config.json", "tokenizer.model");

  /// Writes the folder, replacing files of an earlier export. Readers find `config.json` last.
  ///
  /// @throws ExportException if the source has no `tokenizer.json`
  /// @throws IOException if a file cannot be read or written
  public void write(Path folder) throws IOException {
    try (StagedFolder staged = StagedFolder.beside(folder)) {
      HuggingFaceFiles.copyTokenizer(source.folder(), staged.path());
      for (String name : MORE) {
        if (Files.isRegularFile(source.folder().resolve(name))) {
          Files.copy(source.folder().resolve(name), staged.path().resolve(name));
        }
      }
      HuggingFaceFiles.writeJson(staged.path().resolve(HuggingFaceFiles.CONFIG), config());
      writeWeights(staged.path().resolve(HuggingFaceFiles.WEIGHTS));
      staged.publish(HuggingFaceFiles.CONFIG, MORE);
    }
  }

  private SequencedMap<String, Object> config() throws IOException {
    SequencedMap<String, Object> json = new LinkedHashMap<>();
    json.put("architectures", List.of(model.config().family().className()));
    json.putAll(model.config().family().write(model.config()));
    JsonNode own = ModelJson.read(source.folder().resolve(HuggingFaceFiles.CONFIG));
    for (String token : List.of("bos_token_id", "eos_token_id", "pad_token_id")) {
      if (own.has(token)) {
        json.put(token, own.get(token));
      }
    }
    json.put("dtype", "float32");
    json.put("torch_dtype", "float32");
    return json;
  }

  private void writeWeights(Path file) throws IOException {
    try (Scope _ = Scope.open()) {
      SequencedMap<String, RawTensor> tensors = new LinkedHashMap<>();
      DecoderWeights.toCheckpoint(model.merged(), model.config())
          .forEach((name, tensor) -> tensors.put(name, Tensors.view(tensor)));
      HuggingFaceFiles.writeWeights(file, tensors);
    }
  }
}
