package dev.retort.app.demo;

/// The definition of one noun sense in WordNet.
///
/// @param synset the byte offset that identifies the sense in its file
/// @param label the kind of thing it is, such as `noun.animal`
/// @param text the definition, without the examples of use
public record Gloss(long synset, String label, String text) {

  /// A number that depends on nothing but the synset and looks random: the finalizer of SplitMix64
  /// (Steele, Lea & Flood, 2014).
  long order() {
    long mixed = synset * 0x9e3779b97f4a7c15L;
    mixed = (mixed ^ (mixed >>> 30)) * 0xbf58476d1ce4e5b9L;
    mixed = (mixed ^ (mixed >>> 27)) * 0x94d049bb133111ebL;
    return mixed ^ (mixed >>> 31);
  }
}
