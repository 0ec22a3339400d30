package dev.retort.teacher;

import dev.retort.data.Batch;
import dev.retort.data.BatchSource;
import dev.retort.signal.Need;
import dev.retort.signal.Signals;
import java.util.HashSet;
import java.util.Set;
import java.util.function.UnaryOperator;

/// A teacher with a tokenizer of its own: asked about examples as the student reads them, it reads
/// them again its own way, and answers about whole examples only.
///
/// @param <B> what a batch of examples is
/// @param teacher who knows
/// @param own the same examples, in the same order, as the teacher reads them
public record Rereading<B extends Batch>(Teacher<B> teacher, UnaryOperator<BatchSource<B>> own)
    implements Teacher<B> {

  /// A teacher that is asked about the examples of `own` only.
  public Rereading(Teacher<B> teacher, BatchSource<B> own) {
    this(teacher, _ -> own);
  }

  @Override
  public String name() {
    return teacher.name();
  }

  @Override
  public String fingerprint() {
    return teacher.fingerprint();
  }

  @Override
  public Set<Need> offers() {
    Set<Need> offers = new HashSet<>(Need.ofWholeTexts());
    offers.retainAll(teacher.offers());
    return offers;
  }

  /// @throws IllegalArgumentException if the question is about other examples, or needs what only
  ///   tokens that are shared could tell
  @Override
  public Signals ask(Question<B> question, Set<Need> needs) {
    if (!offers().containsAll(needs)) {
      throw new IllegalArgumentException(
          "%s are needed, but '%s', which reads other tokens than the student, offers %s"
              .formatted(needs, name(), offers()));
    }
    BatchSource<B> read = own.apply(question.data());
    Question<B> reread = new Question<>(read, read.batch(question.batch().rows()), question.mix());
    if (!reread.contentKeys().equals(question.contentKeys())) {
      throw new IllegalArgumentException(
          "'%s' was asked about other examples than those it reads again".formatted(name()));
    }
    return teacher.ask(reread, needs);
  }

  @Override
  public void close() {
    teacher.close();
  }
}
