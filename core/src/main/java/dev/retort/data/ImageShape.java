package dev.retort.data;

/// The size of an image, whose values lie channel by channel, row by row.
///
/// @param channels 1 for grey, 3 for colours
/// @param height in pixels
/// @param width in pixels
public record ImageShape(int channels, int height, int width) {

  public ImageShape {
    if (channels < 1 || height < 1 || width < 1) {
      throw new IllegalArgumentException(
          "an image of %d channels, %d × %d pixels is empty".formatted(channels, height, width));
    }
  }

  /// How many values an image has: `C · H · W`.
  public int values() {
    return Math.multiplyExact(channels, Math.multiplyExact(height, width));
  }
}
