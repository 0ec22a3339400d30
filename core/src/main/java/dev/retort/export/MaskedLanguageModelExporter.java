package dev.retort.export;

import dev.retort.model.EncoderConfig;
import dev.retort.model.EncoderNames;
import dev.retort.model.MaskedLanguageModel;
import dev.retort.tensor.RawTensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.SequencedMap;

/// Writes a masked language model as the `…ForMaskedLM` of transformers. The decoder is tied to the
/// word embeddings and has no tensor of its own.
///
/// @param model the student
/// @param source the folder that its tokenizer files are copied from
/// @param maxLength the most tokens of an input, special tokens included
public record MaskedLanguageModelExporter(MaskedLanguageModel model, Path source, int maxLength) {

  public MaskedLanguageModelExporter {
    HuggingFaceFiles.requireLength(model.config(), maxLength);
  }

  /// Writes the folder, replacing files of an earlier export. Readers find `config.json` last.
  ///
  /// @throws ExportException if the source has no `tokenizer.json`
  /// @throws IOException if a file cannot be read or written
  public void write(Path folder) throws IOException {
    EncoderConfig config = model.config();
    try (StagedFolder staged = StagedFolder.beside(folder)) {
      HuggingFaceFiles.copyTokenizer(source, staged.path());
      SequencedMap<String, Object> json = HuggingFaceFiles.config(config, "ForMaskedLM");
      json.put("tie_word_embeddings", true);
      HuggingFaceFiles.writeJson(staged.path().resolve(HuggingFaceFiles.CONFIG), json);
      HuggingFaceFiles.writeJson(
          staged.path().resolve("sentence_bert_config.json"),
          SentenceTransformers.transformer(maxLength));
      SequencedMap<String, RawTensor> tensors =
          HuggingFaceFiles.encoder(config, model.parameters(), config.family().prefix());
      List<String> head = EncoderNames.ofMaskedLanguageModel();
      tensors.putAll(HuggingFaceFiles.named(config, model.parameters(), head));
      HuggingFaceFiles.writeWeights(staged.path().resolve(HuggingFaceFiles.WEIGHTS), tensors);
      staged.publish(HuggingFaceFiles.CONFIG, SentenceTransformers.FILES);
    }
  }
}
