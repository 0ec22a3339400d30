package dev.retort.eval;

import dev.retort.runtime.Classifier;
import dev.retort.runtime.Embedder;
import dev.retort.runtime.StudentManifest;
import dev.retort.runtime.TextPair;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/// An exported student of any task, asked as a service would ask it; answers are thrown away.
sealed interface Served extends AutoCloseable {

  /// Opens the student in `folder`.
  static Served open(Path folder, Classifier.Options options) throws IOException {
    return StudentManifest.read(folder).task().equals(StudentManifest.EMBEDDING)
        ? new Embeds(Embedder.open(folder, options))
        : new Classifies(Classifier.open(folder, options));
  }

  /// Asks about one text, or one pair of texts.
  void ask(List<String> text);

  /// Asks about many at once.
  void askAll(List<List<String>> texts);

  @Override
  void close();

  /// A classifier.
  record Classifies(Classifier student) implements Served {

    @Override
    public void ask(List<String> text) {
      if (text.size() == 1) {
        student.classify(text.getFirst());
      } else {
        student.classify(text.getFirst(), text.getLast());
      }
    }

    @Override
    public void askAll(List<List<String>> texts) {
      if (texts.getFirst().size() == 1) {
        student.classifyAll(texts.stream().map(List::getFirst).toList());
      } else {
        student.classifyPairs(
            texts.stream().map(pair -> new TextPair(pair.getFirst(), pair.getLast())).toList());
      }
    }

    @Override
    public void close() {
      student.close();
    }
  }

  /// An embedder, which reads one text at a time.
  record Embeds(Embedder student) implements Served {

    @Override
    public void ask(List<String> text) {
      student.embed(text.getFirst());
    }

    @Override
    public void askAll(List<List<String>> texts) {
      student.embedAll(texts.stream().map(List::getFirst).toList());
    }

    @Override
    public void close() {
      student.close();
    }
  }
}
