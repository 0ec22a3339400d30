package dev.retort.align;

import dev.retort.data.RowShape;
import dev.retort.data.SequenceDataset;
import dev.retort.data.TokenSequence;
import dev.retort.data.TokenizedDataset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Texts that two models read in tokens of their own, found by what the student reads.
///
/// @param byKey the teacher's side by [TokenSequence#contentKey] of the student's
/// @param aligned how many of the student's tokens that are learnt are in a group
/// @param learnt how many of them there are
/// @param unread how many texts leave the teacher nothing to predict, because the prompt takes all
///   of its room; it cannot be asked about them
public record AlignedTexts(Map<String, AlignedText> byKey, long aligned, long learnt, long unread) {

  public AlignedTexts {
    byKey = Map.copyOf(byKey);
  }

  /// Aligns data that both models have read, split by split, each the same texts in the same order.
  ///
  /// @param rows what they are: under chat templates two models read the same completions, but not
  ///   the same text before them
  public static AlignedTexts of(
      RowShape rows,
      List<TokenizedDataset> student,
      TokenSpelling studentSpelling,
      List<TokenizedDataset> teacher,
      TokenSpelling teacherSpelling) {
    Map<String, AlignedText> byKey = new HashMap<>();
    long aligned = 0;
    long learnt = 0;
    long unread = 0;
    for (int split = 0; split < student.size(); split++) {
      TokenizedDataset ours = student.get(split);
      for (int row = 0; row < ours.size(); row++) {
        Optional<TokenSequence> read = SequenceDataset.sequence(ours, row);
        Optional<TokenSequence> theirs = SequenceDataset.sequence(teacher.get(split), row);
        unread += read.isPresent() && theirs.isEmpty() ? 1 : 0;
        learnt += read.map(text -> text.learnt().cardinality()).orElse(0);
        if (read.isPresent() && theirs.isPresent()) {
          boolean fromStart =
              rows == RowShape.COLUMNS && ours.dataset().examples().get(row).pair().isEmpty();
          Alignment alignment =
              Alignment.of(read.get(), studentSpelling, theirs.get(), teacherSpelling, fromStart);
          aligned += alignment.groups().stream().mapToLong(Group::studentTokens).sum();
          byKey.put(read.get().contentKey(), new AlignedText(theirs.get(), alignment));
        }
      }
    }
    return new AlignedTexts(byKey, aligned, learnt, unread);
  }

  /// The teacher's side of a text, if it has one.
  public Optional<AlignedText> find(TokenSequence student) {
    return Optional.ofNullable(byKey.get(student.contentKey()));
  }
}
