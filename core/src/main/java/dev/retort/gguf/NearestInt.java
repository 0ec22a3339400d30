package dev.retort.gguf;

/// Rounding to the nearest whole number, to the even one between two.
final class NearestInt {

  private NearestInt() {}

  static int of(float value) {
    return (int) Math.rint(value);
  }
}
