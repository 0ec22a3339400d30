package dev.retort.hub;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Optional;

/// The published digest of a file.
///
/// @param kind how the digest is computed
/// @param hex the digest in lower-case hexadecimal
record Checksum(Kind kind, String hex) {

  enum Kind {
    SHA256("SHA-256", "sha256"),
    SHA1("SHA-1", "sha1"),
    /// The name of a file in git: SHA-1 of `blob SIZE\0` and the content.
    GIT_BLOB("SHA-1", "git blob sha1");

    private final String algorithm;
    private final String label;

    Kind(String algorithm, String label) {
      this.algorithm = algorithm;
      this.label = label;
    }
  }

  /// The checksum behind the ETag of a Hugging Face hub: SHA-256 for large files, the git blob hash
  /// for others; empty for an ETag of another form.
  static Optional<Checksum> ofEtag(String etag) {
    if (etag.matches("[0-9a-f]{64}")) {
      return Optional.of(new Checksum(Kind.SHA256, etag));
    }
    return etag.matches("[0-9a-f]{40}")
        ? Optional.of(new Checksum(Kind.GIT_BLOB, etag))
        : Optional.empty();
  }

  /// The checksum in a file that is published beside an artifact: its first word.
  static Optional<Checksum> ofPublished(Kind kind, String content) {
    String hex = content.strip().split("\\s", 2)[0].toLowerCase(Locale.ROOT);
    return hex.matches(kind == Kind.SHA256 ? "[0-9a-f]{64}" : "[0-9a-f]{40}")
        ? Optional.of(new Checksum(kind, hex))
        : Optional.empty();
  }

  /// The checksum of the content of `file`.
  static Checksum of(Kind kind, Path file) throws IOException {
    MessageDigest digest = digest(kind);
    if (kind == Kind.GIT_BLOB) {
      digest.update(("blob " + Files.size(file) + "\0").getBytes(StandardCharsets.US_ASCII));
    }
    try (InputStream in = Files.newInputStream(file);
        OutputStream out = new DigestOutputStream(OutputStream.nullOutputStream(), digest)) {
      in.transferTo(out);
    }
    return new Checksum(kind, HexFormat.of().formatHex(digest.digest()));
  }

  @Override
  public String toString() {
    return kind.label + " " + hex;
  }

  private static MessageDigest digest(Kind kind) {
    try {
      return MessageDigest.getInstance(kind.algorithm);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has " + kind.algorithm, e);
    }
  }
}
