package dev.retort.teacher;

import dev.retort.align.AlignedRows;
import dev.retort.align.AlignedText;
import dev.retort.align.AlignedTexts;
import dev.retort.align.Group;
import dev.retort.align.VocabularyMap;
import dev.retort.data.SequenceBatch;
import dev.retort.data.SequenceDataset;
import dev.retort.data.TokenSequence;
import dev.retort.signal.Distribution;
import dev.retort.signal.Need;
import dev.retort.signal.Signals;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

/// A teacher of language models with a tokenizer of its own: asked about texts in the student's
/// tokens, it reads them in its own, and its answer says which of its tokens lie where.
///
/// @param teacher who knows
/// @param texts all texts that it will be asked about
/// @param vocabulary which tokens of both are the same
public record AligningTeacher(
    Teacher<SequenceBatch> teacher, AlignedTexts texts, VocabularyMap vocabulary)
    implements Teacher<SequenceBatch> {

  @Override
  public String name() {
    return teacher.name();
  }

  @Override
  public String fingerprint() {
    return teacher.fingerprint();
  }

  /// Distributions only: logits are of other tokens, and hidden states of other places.
  @Override
  public Set<Need> offers() {
    return EnumSet.of(Need.DISTRIBUTION);
  }

  /// @throws IllegalArgumentException if more is needed than tokens of another kind can tell
  @Override
  public Signals ask(Question<SequenceBatch> question, Set<Need> needs) {
    if (!offers().containsAll(needs)) {
      throw new IllegalArgumentException(
          "%s are needed, but '%s', which reads other tokens than the student, offers %s"
              .formatted(needs, name(), offers()));
    }
    List<TokenSequence> asked = sequences(question.batch());
    List<AlignedText> found = asked.stream().map(this::found).toList();
    SequenceDataset own = new SequenceDataset(found.stream().map(AlignedText::teacher).toList());
    SequenceBatch batch = own.batch(IntStream.range(0, own.size()).toArray());
    Distribution answer =
        teacher.ask(new Question<>(own, batch), needs).distribution().orElseThrow();
    if (!(answer instanceof Distribution.Headed headed)) {
      throw new IllegalStateException(
          "'%s' gave no states of its tokens with a head, which alone can be aligned"
              .formatted(name()));
    }
    return Signals.of(
        new Distribution.Aligned(headed, rows(asked, found, batch.labels()), vocabulary));
  }

  private AlignedText found(TokenSequence text) {
    return texts
        .find(text)
        .orElseThrow(() ->
            new IllegalArgumentException(
                "'%s' was asked about a text that it has not read in its own tokens: %s"
                    .formatted(name(), text)));
  }

  /// The texts of a batch, as they were before they were put together.
  private static List<TokenSequence> sequences(SequenceBatch batch) {
    List<TokenSequence> sequences = new ArrayList<>();
    int first = 0;
    int row = 0;
    for (long length : batch.lengths()) {
      int end = first + Math.toIntExact(length);
      int[] ids = Arrays.stream(batch.ids(), first, end).mapToInt(Math::toIntExact).toArray();
      BitSet learnt = new BitSet();
      for (; row < batch.positions().length && batch.positions()[row] < end; row++) {
        learnt.set(Math.toIntExact(batch.positions()[row]) + 1 - first);
      }
      sequences.add(new TokenSequence(ids, learnt));
      first = end;
    }
    return sequences;
  }

  private static AlignedRows rows(
      List<TokenSequence> asked, List<AlignedText> found, int[] teacherLabels) {
    int rows = asked.stream().mapToInt(text -> text.learnt().cardinality()).sum();
    int[] places = new int[rows];
    int[] teacherRows = new int[rows];
    int[] teacherTokens = new int[rows];
    Arrays.fill(places, -1);
    int firstRow = 0;
    int firstTeacherRow = 0;
    for (int text = 0; text < asked.size(); text++) {
      BitSet ours = asked.get(text).learnt();
      BitSet theirs = found.get(text).teacher().learnt();
      for (Group group : found.get(text).alignment().groups()) {
        int row = firstRow + ours.get(0, group.student()).cardinality();
        int teacherRow = firstTeacherRow + theirs.get(0, group.teacher()).cardinality();
        for (int place = 0; place < group.studentTokens(); place++) {
          places[row + place] = place;
          teacherRows[row + place] = teacherRow;
          teacherTokens[row + place] = group.teacherTokens();
        }
      }
      firstRow += ours.cardinality();
      firstTeacherRow += theirs.cardinality();
    }
    return new AlignedRows(places, teacherRows, teacherTokens, teacherLabels);
  }

  @Override
  public void close() {
    teacher.close();
  }
}
