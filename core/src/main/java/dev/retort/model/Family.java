package dev.retort.model;

import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import tools.jackson.databind.JsonNode;

/// What sets one family of encoders apart: how its `config.json` and tensors are named, how it
/// counts positions, and what its classification head looks like. One file per family.
///
/// Inside Retort every encoder's parameters carry the canonical names of [EncoderNames]; a family
/// translates them when a folder is read or written.
public sealed interface Family permits Bert, DistilBert, Roberta {

  /// All families Retort knows.
  List<Family> ALL =
      List.of(new Bert(), new DistilBert(), new Roberta("roberta"), new Roberta("xlm-roberta"));

  /// The `model_type` in a `config.json`, such as `bert`.
  String modelType();

  /// The class name stem in `architectures`, such as `Bert`.
  String className();

  /// Reads the shape of an encoder from its `config.json`.
  EncoderConfig read(JsonNode config);

  /// The `config.json` entries of an encoder's shape, `model_type` included.
  SequencedMap<String, Object> write(EncoderConfig config);

  /// The tensor name in this family's checkpoints for a canonical name, without the model prefix.
  String checkpointName(String canonicalName);

  /// The prefix that whole-task checkpoints put before the encoder's names, such as `bert.`.
  String prefix();

  /// The number of the first token's position, given the id of padding.
  int firstPosition(int padId);

  /// The activation of this family's own classification head: a dense layer over the first token,
  /// this function, and a projection onto the labels.
  Activation headActivation();

  /// The activation of this family's masked-LM head: a dense layer over every token, this function,
  /// a layer normalisation, and products with the word embeddings.
  Activation tokenActivation(EncoderConfig config);

  /// The family with this `model_type`.
  static Optional<Family> ofModelType(String modelType) {
    return ALL.stream().filter(family -> family.modelType().equals(modelType)).findFirst();
  }
}
