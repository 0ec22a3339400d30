package dev.retort.data;

import dev.retort.io.Sha256;
import java.util.Arrays;
import java.util.List;

/// Texts with hidden tokens. Training hides others in every epoch; a dataset that is not in
/// training always hides the same, so that models are asked the same questions.
///
/// @param texts the whole texts
/// @param masking which tokens are hidden
/// @param pass number of the pass over the texts, −1 outside training
public record MaskedDataset(TokenizedDataset texts, Masking masking, long pass)
    implements BatchSource<MaskedBatch> {

  private static final long OUTSIDE_TRAINING = -1;

  /// The texts of `texts`, hidden as outside training.
  public static MaskedDataset of(TokenizedDataset texts, Masking masking) {
    return new MaskedDataset(texts, masking, OUTSIDE_TRAINING);
  }

  @Override
  public MaskedDataset epoch(int epoch) {
    return new MaskedDataset(texts, masking, epoch);
  }

  @Override
  public int size() {
    return texts.size();
  }

  @Override
  public int length(int row) {
    return texts.length(row);
  }

  @Override
  public MaskedBatch batch(int... rows) {
    TextBatch whole = texts.batch(rows);
    List<Masking.Hidden> hidden =
        Arrays.stream(rows)
            .mapToObj(row -> masking.hide(texts.encoding(row).ids(), pass, row))
            .toList();
    int count = hidden.stream().mapToInt(text -> text.places().length).sum();
    long[] ids = whole.ids().clone();
    long[] positions = new long[count];
    int[] labels = new int[count];
    int next = 0;
    for (int row = 0; row < rows.length; row++) {
      for (int place : hidden.get(row).places()) {
        int position = row * whole.length() + place;
        positions[next] = position;
        labels[next++] = (int) whole.ids()[position];
        ids[position] = hidden.get(row).ids()[place];
      }
    }
    TextBatch seen =
        new TextBatch(
            whole.rows(), whole.length(), ids, whole.typeIds(), whole.mask(), whole.labels());
    return new MaskedBatch(seen, positions, labels);
  }

  /// A hash of each text's content and of what is hidden of it.
  @Override
  public List<String> contentKeys(int... rows) {
    return Arrays.stream(rows)
        .mapToObj(row ->
            new Sha256()
                .add(texts.contentKeys(row).getFirst())
                .add(Arrays.toString(masking.hide(texts.encoding(row).ids(), pass, row).ids()))
                .hex(16))
        .toList();
  }
}
