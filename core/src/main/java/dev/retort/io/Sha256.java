package dev.retort.io;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/// A SHA-256 hash over a sequence of values. Texts and bytes go in with their length, so that no
/// two sequences feed the same bytes.
public final class Sha256 {
  /// How long a hash is.
  public static final int BYTES = 32;

  private final MessageDigest digest;

  /// The hash of nothing so far.
  public Sha256() {
    try {
      digest = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256, this one has not", e);
    }
  }

  /// Goes on with a number.
  public Sha256 add(int value) {
    digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(value).flip());
    return this;
  }

  /// Goes on with a text.
  public Sha256 add(String text) {
    return add(text.getBytes(StandardCharsets.UTF_8));
  }

  /// Goes on with bytes.
  public Sha256 add(byte[] bytes) {
    add(bytes.length);
    digest.update(bytes);
    return this;
  }

  /// The hash of a file's bytes, 64 lower-case hexadecimal digits.
  public static String ofFile(Path file) throws IOException {
    Sha256 hash = new Sha256();
    try (InputStream in = new DigestInputStream(Files.newInputStream(file), hash.digest)) {
      in.transferTo(OutputStream.nullOutputStream());
    }
    return hash.hex(BYTES);
  }

  /// The first `bytes` bytes of the hash as lower-case hexadecimal digits.
  public String hex(int bytes) {
    return HexFormat.of().formatHex(digest.digest(), 0, bytes);
  }
}
