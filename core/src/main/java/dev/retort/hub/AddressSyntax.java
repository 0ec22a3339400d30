package dev.retort.hub;

import java.util.regex.Pattern;

/// The rules that all kinds of [Address] share.
final class AddressSyntax {

  /// A scheme of at least two letters and the rest; one letter is the drive of a Windows path.
  static final Pattern SCHEME = Pattern.compile("([A-Za-z][A-Za-z0-9+.-]+):(.*)");

  private static final String ALLOWED =
      "; allowed are hf:owner/name[@revision], maven:group:artifact:version, "
          + "and the path of a folder or a .gguf file";

  private AddressSyntax() {}

  static void require(boolean holds, String text, String problem) {
    if (!holds) {
      throw refused(text, problem);
    }
  }

  static IllegalArgumentException refused(String text, String problem) {
    return new IllegalArgumentException("model address '" + text + "' " + problem + ALLOWED);
  }

  /// Whether a path made of this text stays inside its parent folder.
  static boolean staysInside(String text) {
    for (String part : text.split("/", -1)) {
      if (part.isEmpty() || part.equals(".") || part.equals("..")) {
        return false;
      }
    }
    return true;
  }
}
