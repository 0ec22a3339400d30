package dev.retort.bench;

import dev.retort.runtime.Tokenizer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/// Whether a converted `tokenizer.json` cuts texts as llama.cpp does with the GGUF file: words,
/// digits, runs of spaces, code, letters of many scripts, emoji, control tokens.
///
/// Usage: `LlamaCppTokens --library DIR --model FILE.gguf --folder MODEL_FOLDER`. Prints every text
/// with two results, and how many have one.
public final class LlamaCppTokens {

  private static final List<String> TEXTS =
      List.of(
          "Hello world",
          " leading and  double   spaces and trailing ",
          "",
          " ",
          "a",
          "1234567890 3.14159 1,000,000 v2.0 0xFF",
          "I'm you're WE'LL don't it's they'd 'quoted'",
          "The quick brown fox jumps over the lazy dog.",
          "def f(x):\n    return x ** 2  # square\n\n\nclass A:\n\tpass\n",
          "for (int i = 0; i < n; ++i) { sum += a[i] * b[i]; }\r\n",
          "日本語のテキスト、中文文本,한국어 텍스트",
          "Ünïcödé naïve façade Ærøskøbing ß ﬁ",
          "Привет мир! Γειά σου Κόσμε שלום עולם مرحبا بالعالم नमस्ते",
          "😀😃 👨‍👩‍👧‍👦 🇩🇪 👍🏽 🚀 ☕️",
          "tabs\t\tand\n\n\nnewlines \n mixed \t ",
          "a" + " ".repeat(40) + "b",
          "https://example.org/path?query=1&other=%20#fragment",
          "{\"key\": [1, 2.5, null, true], \"text\": \"a\\nb\"}",
          "$100 + €20 = ¥? ~ ^ | < > ` \\ / @ # % & * ( ) _ - + = [ ] { } ; : ' \" , .",
          "antidisestablishmentarianism pneumonoultramicroscopicsilicovolcanoconiosis",
          "½ ² Ⅷ ① ٣ 五",
          "zero\u200bwidth\u00a0nbsp\u3000wide",
          "<|im_start|>user\nHi<|im_end|>\n<start_of_turn>model\n<s> </s> <b>bold</b>",
          "Once upon a time, there was a little girl named Lily.");

  private static final int MOST = 4096;

  private LlamaCppTokens() {}

  /// Compares the two.
  public static void main(String[] args) throws IOException {
    Arguments arguments = Arguments.parse(args, List.of("library", "model", "folder"), Map.of());
    Path file = arguments.path("folder").resolve("tokenizer.json");
    LlamaLibrary library = LlamaLibrary.open(arguments.path("library"));
    int same = 0;
    try (LlamaCpp llama = LlamaCpp.open(library, arguments.path("model"), MOST);
        Tokenizer tokenizer = Tokenizer.open(file)) {
      for (String text : TEXTS) {
        int[] expected = llama.tokenize(text);
        int[] found = tokenizer.encode(text, MOST).ids();
        if (Arrays.equals(expected, found)) {
          same++;
        } else {
          System.out.println("text      " + text.replace("\n", "\\n"));
          System.out.println("llama.cpp " + Arrays.toString(expected));
          System.out.println("folder    " + Arrays.toString(found));
        }
      }
    }
    System.out.printf("%d of %d texts have the same tokens%n", same, TEXTS.size());
  }
}
