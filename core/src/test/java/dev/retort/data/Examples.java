package dev.retort.data;

import dev.retort.runtime.Encoding;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;

/// Datasets made up for tests.
final class Examples {
  static final Path FILE = Path.of("train.csv");
  private static final String[] WORDS =
      "card money account transfer payment refund cash exchange rate top up identity pin lost stolen"
          .split(" ", -1);

  private Examples() {}

  static Example example(String text, int label, long line) {
    return new Example(text, Optional.empty(), label, new Place(FILE, line));
  }

  static Dataset dataset(String name, int classes, List<Example> examples) {
    List<String> names = IntStream.range(0, classes).mapToObj(i -> "class" + i).toList();
    return new Dataset(name, examples, Labels.of(names));
  }

  /// Each text becomes an example of the class that its index modulo the classes says.
  static Dataset dataset(String name, int classes, String... texts) {
    List<Example> examples = new ArrayList<>();
    for (String text : texts) {
      examples.add(example(text, examples.size() % classes, examples.size() + 2));
    }
    return dataset(name, classes, examples);
  }

  /// Distinct texts of 1 to `longest` words, most of them short.
  static Dataset random(int size, int classes, int longest, long seed) {
    Random random = new Random(seed);
    List<Example> examples = new ArrayList<>();
    for (int row = 0; row < size; row++) {
      StringBuilder text = new StringBuilder("t" + row);
      double share = random.nextDouble();
      int words = (int) (longest * share * share * share);
      for (int word = 0; word < words; word++) {
        text.append(' ').append(WORDS[random.nextInt(WORDS.length)]);
      }
      examples.add(example(text.toString(), random.nextInt(classes), row + 2));
    }
    return dataset("train", classes, examples);
  }

  static Splits splits(Dataset train, Dataset validation, Dataset test) {
    return new Splits(train, Optional.of(validation), Optional.of(test), List.of());
  }

  /// A token for each word: its length in characters; the second text is segment 1.
  static TokenizedDataset tokenized(Dataset dataset, int maxLength) {
    return TokenizedDataset.of(dataset, example -> encode(example, maxLength), 99);
  }

  private static Encoding encode(Example example, int maxLength) {
    String[] first = example.text().split(" ", -1);
    String[] second = example.pair().map(text -> text.split(" ", -1)).orElse(new String[0]);
    int all = first.length + second.length;
    int kept = Math.min(maxLength, all);
    int[] ids = new int[kept];
    int[] typeIds = new int[kept];
    for (int token = 0; token < kept; token++) {
      boolean isSecond = token >= first.length;
      ids[token] = (isSecond ? second[token - first.length] : first[token]).length();
      typeIds[token] = isSecond ? 1 : 0;
    }
    return new Encoding(ids, typeIds, kept < all);
  }
}
