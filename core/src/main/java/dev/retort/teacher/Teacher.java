package dev.retort.teacher;

import dev.retort.data.Batch;
import dev.retort.signal.Need;
import dev.retort.signal.Signals;
import java.util.Set;

/// A model that is asked, never trained.
///
/// Whatever else a teacher should do (remember, retry, keep a budget) is a wrapper around another
/// teacher, as [StoredTeacher] is.
///
/// @param <B> what it is asked about
public interface Teacher<B extends Batch> extends AutoCloseable {

  /// What to call it in messages and reports.
  String name();

  /// A hash of everything that its answers depend on: weights, tokenizer, length limit. Two
  /// teachers with one fingerprint give the same answers.
  String fingerprint();

  /// Every kind of signal it can give.
  Set<Need> offers();

  /// What it says about `question`: at least the kinds in `needs`, which must be within [#offers].
  /// The tensors live in the scope that is open.
  Signals ask(Question<B> question, Set<Need> needs);

  @Override
  void close();
}
