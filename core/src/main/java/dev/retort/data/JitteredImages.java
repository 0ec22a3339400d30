package dev.retort.data;

import com.dynatrace.hash4j.hashing.Hasher64;
import com.dynatrace.hash4j.hashing.Hashing;
import java.util.List;

/// Images that are moved a little at random, each differently in every epoch, as in the experiment
/// of Hinton et al. 2015, section 3. What moves in from outside is 0.
///
/// The moves depend on seed, epoch and index only, so that a resumed run sees the same images. A
/// moved image has a content key of its own.
///
/// @param images as they are
/// @param most how many pixels an image moves at most in either direction
/// @param seed of the moves
/// @param epoch from 0
public record JitteredImages(ImageDataset images, int most, long seed, int epoch)
    implements BatchSource<ImageBatch> {

  private static final Hasher64 HASH = Hashing.komihash5_0();

  public JitteredImages {
    ImageShape shape = images.shape();
    if (most < 0 || most >= Math.min(shape.height(), shape.width())) {
      throw new IllegalArgumentException(
          "most is %d; images of %d × %d pixels can move by 0 or more, and less than their size"
              .formatted(most, shape.height(), shape.width()));
    }
  }

  @Override
  public JitteredImages epoch(int other) {
    return new JitteredImages(images, most, seed, other);
  }

  @Override
  public int size() {
    return images.size();
  }

  @Override
  public int length(int row) {
    return images.length(row);
  }

  @Override
  public ImageBatch batch(int... rows) {
    ImageBatch still = images.batch(rows);
    byte[] moved = new byte[still.pixels().length];
    for (int i = 0; i < rows.length; i++) {
      move(still.pixels(), moved, i, rows[i]);
    }
    return new ImageBatch(still.rows(), still.shape(), moved, still.labels());
  }

  @Override
  public List<String> contentKeys(int... rows) {
    return batch(rows).contentKeys();
  }

  private void move(byte[] from, byte[] to, int place, int row) {
    ImageShape shape = images.shape();
    long random = HASH.hashLongLongToLong(HASH.hashLongLongToLong(seed, epoch), row);
    int choices = 2 * most + 1;
    int down = (int) Long.remainderUnsigned(random, choices) - most;
    int right = (int) Long.remainderUnsigned(Long.divideUnsigned(random, choices), choices) - most;
    int kept = shape.width() - Math.abs(right);
    for (int channel = 0; channel < shape.channels(); channel++) {
      int first = place * shape.values() + channel * shape.height() * shape.width();
      for (int y = Math.max(0, down); y < shape.height() + Math.min(0, down); y++) {
        int source = first + (y - down) * shape.width() + Math.max(0, -right);
        int target = first + y * shape.width() + Math.max(0, right);
        System.arraycopy(from, source, to, target, kept);
      }
    }
  }
}
