package dev.retort.hub;

import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Where a model's weights come from: a folder, a model hub, or an artifact in a Maven repository.
public sealed interface Address permits Address.Folder, Address.HuggingFace, Address.Maven {

  /// The address in the form that [#parse] reads.
  String text();

  /// Parses `hf:owner/name`, `hf:owner/name@revision`, `maven:group:artifact:version`, or a path to
  /// a folder or a GGUF file. A one-letter scheme is the drive of a Windows path.
  ///
  /// @throws IllegalArgumentException when the text is none of these; the message says why
  static Address parse(String text) {
    Matcher scheme = AddressSyntax.SCHEME.matcher(text);
    if (!scheme.matches()) {
      AddressSyntax.require(!text.isBlank(), text, "is empty");
      return new Folder(Path.of(text));
    }
    String rest = scheme.group(2);
    return switch (scheme.group(1)) {
      case "hf" -> HuggingFace.parse(text, rest);
      case "maven" -> Maven.parse(text, rest);
      default ->
          throw AddressSyntax.refused(
              text, "has the unknown scheme '%s:'".formatted(scheme.group(1)));
    };
  }

  /// A folder in Hugging Face's layout on this machine, or a file whose name ends in `.gguf`.
  ///
  /// @param path the folder or file; it may be missing until it is read
  record Folder(Path path) implements Address {
    @Override
    public String text() {
      return path.toString();
    }
  }

  /// A model repository on a Hugging Face hub.
  ///
  /// @param id `owner/name`, or the bare name of a model without an owner
  /// @param revision a branch, a tag, or a full commit hash
  record HuggingFace(String id, String revision) implements Address {

    private static final Pattern ID = Pattern.compile("(?:[\\w.-]+/)?[\\w.-]+");
    private static final Pattern REVISION = Pattern.compile("[\\w./+-]+");
    private static final String DEFAULT_REVISION = "main";

    /// Checks both parts, which become names of folders and parts of URLs.
    public HuggingFace {
      check("hf:" + id + "@" + revision, id, revision);
    }

    private static HuggingFace parse(String text, String rest) {
      int at = rest.indexOf('@');
      String id = at < 0 ? rest : rest.substring(0, at);
      String revision = at < 0 ? DEFAULT_REVISION : rest.substring(at + 1);
      AddressSyntax.require(!id.startsWith("//"), text, "looks like a URL");
      check(text, id, revision); // with the text that the user wrote
      return new HuggingFace(id, revision);
    }

    private static void check(String text, String id, String revision) {
      boolean name = ID.matcher(id).matches() && AddressSyntax.staysInside(id);
      AddressSyntax.require(name, text, "names no model: '%s' is not owner/name".formatted(id));
      boolean ref = REVISION.matcher(revision).matches() && AddressSyntax.staysInside(revision);
      AddressSyntax.require(
          ref, text, "has no usable revision after '@': '%s'".formatted(revision));
    }

    @Override
    public String text() {
      return "hf:" + id + "@" + revision;
    }
  }

  /// A jar in a Maven repository that carries a model.
  ///
  /// @param group the group id
  /// @param artifact the artifact id
  /// @param version a released version
  record Maven(String group, String artifact, String version) implements Address {

    private static final Pattern PART = Pattern.compile("[\\w.-]+");

    /// Checks the parts, which become names of folders and parts of URLs.
    public Maven {
      String text = "maven:" + group + ":" + artifact + ":" + version;
      for (String part : new String[] {group, artifact, version}) {
        boolean name = PART.matcher(part).matches() && AddressSyntax.staysInside(part);
        AddressSyntax.require(
            name, text, "has a part that is not a Maven name: '%s'".formatted(part));
      }
      AddressSyntax.require(
          !version.endsWith("-SNAPSHOT"), text, "is a snapshot; only releases can be verified");
    }

    private static Maven parse(String text, String rest) {
      String[] parts = rest.split(":", -1);
      AddressSyntax.require(parts.length != 2, text, "has no version");
      AddressSyntax.require(parts.length == 3, text, "has %d parts, not 3".formatted(parts.length));
      return new Maven(parts[0], parts[1], parts[2]);
    }

    @Override
    public String text() {
      return "maven:" + group + ":" + artifact + ":" + version;
    }
  }
}
