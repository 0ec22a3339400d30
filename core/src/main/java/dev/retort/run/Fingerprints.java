package dev.retort.run;

import dev.retort.model.Pretrained;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;

/// SHA-256 hashes of files and of what decides a result.
public final class Fingerprints {

  private Fingerprints() {}

  /// The hash of a file's bytes, in hexadecimal.
  public static String ofFile(Path file) throws IOException {
    MessageDigest digest = sha256();
    try (InputStream in = new DigestInputStream(Files.newInputStream(file), digest)) {
      in.transferTo(OutputStream.nullOutputStream());
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  /// The hash of several texts, told apart from other ways of cutting them.
  public static String of(Object... parts) {
    MessageDigest digest = sha256();
    for (Object part : parts) {
      byte[] bytes = String.valueOf(part).getBytes(StandardCharsets.UTF_8);
      digest.update((bytes.length + ":").getBytes(StandardCharsets.UTF_8));
      digest.update(bytes);
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  /// The hash of a pretrained model: its configuration, tokenizer and weights.
  static String of(Pretrained model) throws IOException {
    List<Path> files;
    try (Stream<Path> children = Files.list(model.folder())) {
      files =
          children
              .filter(file -> file.toString().endsWith(".safetensors") || isDescription(file))
              .sorted()
              .toList();
    }
    StringBuilder hashes = new StringBuilder();
    for (Path file : files) {
      hashes.append(file.getFileName()).append(' ').append(ofFile(file)).append('\n');
    }
    return of(hashes);
  }

  private static boolean isDescription(Path file) {
    String name = file.getFileName().toString();
    return name.equals("config.json") || name.equals("tokenizer.json");
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
