package dev.retort.export;

import dev.retort.model.Head;

/// What kind of student a [ModelCard] is about, and how it is used.
public enum CardKind {
  /// A classifier with its family's own head, which transformers opens.
  CLASSIFIER(
      "transformers",
      "text-classification",
      "text classifier",
      Snippets.JAVA_CLASSIFIER,
      """
      from transformers import pipeline

      print(pipeline("text-classification", "student")("some text"))
      """),
  /// A classifier over pooled states, which sentence-transformers opens.
  POOLED_CLASSIFIER(
      "sentence-transformers",
      "text-classification",
      "text classifier",
      Snippets.JAVA_CLASSIFIER,
      """
      import json
      from sentence_transformers import SentenceTransformer

      labels = json.load(open("student/config.json"))["id2label"]
      logits = SentenceTransformer("student").encode("some text")
      print(labels[str(logits.argmax())])
      """),
  /// A model of sentence embeddings.
  EMBEDDER(
      "sentence-transformers",
      "sentence-similarity",
      "model of sentence embeddings",
      Snippets.JAVA_EMBEDDER,
      """
      from sentence_transformers import SentenceTransformer

      print(SentenceTransformer("student").encode("some text"))
      """),
  /// A classifier of token vectors without layers, whose vectors Model2Vec opens.
  STATIC_CLASSIFIER(
      "model2vec",
      "text-classification",
      "static text classifier, one vector for each token under a linear layer",
      Snippets.JAVA_CLASSIFIER.replace("onnx", "static"),
      """
      import json
      from model2vec import StaticModel
      from safetensors.numpy import load_file

      labels = json.load(open("student/retort.json"))["output"]["labels"]
      head = load_file("student/model.safetensors")
      vector = StaticModel.from_pretrained("student").encode("some text")
      print(labels[(head["head.weight"] @ vector + head["head.bias"]).argmax()])
      """),
  /// A table of token vectors, whose sums are embeddings, which Model2Vec opens.
  STATIC_EMBEDDER(
      "model2vec",
      "sentence-similarity",
      "static model of sentence embeddings, one vector for each token",
      Snippets.JAVA_EMBEDDER.replace("onnx", "static"),
      """
      from model2vec import StaticModel

      print(StaticModel.from_pretrained("student").encode("some text"))
      """),
  /// A masked language model, which is fine-tuned for other tasks.
  MASKED_LANGUAGE_MODEL(
      "transformers",
      "fill-mask",
      "masked language model",
      "",
      """
      from transformers import pipeline

      fill = pipeline("fill-mask", "student")
      print(fill(f"some {fill.tokenizer.mask_token} text"))
      """),
  /// A language model, which continues texts.
  LANGUAGE_MODEL(
      "transformers",
      "text-generation",
      "language model",
      "",
      """

      print(pipeline("text-generation", "student")("some text"))
      """);

  /// What several kinds share.
  private static final class Snippets {
    private static final String JAVA_CLASSIFIER =
        """
        try (var student = Classifier.open(Path.of("export/onnx"))) {
          Prediction prediction = student.classify("some text");
          System.out.println(prediction.label() + " " + prediction.probability());
        }
        """;
    private static final String JAVA_EMBEDDER =
        """
        try (var student = Embedder.open(Path.of("export/onnx"))) {
          float[] vector = student.embed("some text");
        }
        """;
  }

  private final String library;
  private final String task;
  private final String noun;
  private final String java;
  private final String python;

  CardKind(String library, String task, String noun, String java, String python) {
    this.library = library;
    this.task = task;
    this.noun = noun;
    this.java = java;
    this.python = python;
  }

  /// The kind of a student with this head.
  public static CardKind of(Head head) {
    return switch (head) {
      case Head.FirstToken _ -> CLASSIFIER;
      case Head.PooledLinear _ -> POOLED_CLASSIFIER;
      case Head.Embedding _ -> EMBEDDER;
    };
  }

  /// The kind of a student without layers, with a head or without.
  public static CardKind ofStatic(boolean head) {
    return head ? STATIC_CLASSIFIER : STATIC_EMBEDDER;
  }

  /// What retort-runtime opens.
  String runtimeFolder() {
    return library.equals("model2vec")
        ? "this folder"
        : "the folder that `retort export --to onnx` wrote";
  }

  /// The Python library that opens it.
  String library() {
    return library;
  }

  /// The hub's name of what it does.
  String task() {
    return task;
  }

  /// What it is, in words.
  String noun() {
    return noun;
  }

  /// Whether it chooses among labels.
  boolean hasLabels() {
    return task.equals("text-classification");
  }

  /// How Java uses it, or empty where retort-runtime does not.
  String java() {
    return java;
  }

  /// How Python uses it.
  String python() {
    return python;
  }
}
