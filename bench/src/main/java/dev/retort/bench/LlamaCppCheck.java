package dev.retort.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/// What llama.cpp answers with a GGUF file: whether a file that Retort wrote loads, and whether two
/// files give the same text.
///
/// Usage: `LlamaCppCheck --library DIR --model FILE.gguf --prompt TEXT [--tokens 32]`, where DIR is
/// the folder that [LlamaLibrary] describes. Prints the tokens of the prompt, and the likeliest
/// answer as tokens and as text.
public final class LlamaCppCheck {

  private LlamaCppCheck() {}

  /// Loads the file and answers.
  public static void main(String[] args) throws IOException {
    Arguments arguments =
        Arguments.parse(args, List.of("library", "model", "prompt"), Map.of("tokens", "32"));
    Path model = arguments.path("model");
    int tokens = arguments.count("tokens", 1);
    String prompt = arguments.text("prompt");
    LlamaLibrary library = LlamaLibrary.open(arguments.path("library"));
    try (LlamaCpp llama = LlamaCpp.open(library, model, tokens + prompt.length() + 64)) {
      int[] asked = llama.tokenize(prompt);
      int[] answer = llama.greedy(asked, tokens);
      System.out.println("model  " + model);
      System.out.println("prompt " + Arrays.toString(asked));
      System.out.println("ids    " + Arrays.toString(answer));
      System.out.println("text   " + llama.text(answer).replace("\n", "\\n"));
    }
  }
}
