package dev.retort.app.demo;

import java.io.BufferedReader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The content of WordNet's `data.noun`: its licence and one gloss for each sense, by the format in
/// [wndb(5WN)](https://wordnet.princeton.edu/documentation/wndb5wn).
///
/// @param licence the licence at the head of the file
/// @param glosses the glosses, in the order of the file
record WordNetNouns(String licence, List<Gloss> glosses) {

  /// The lexicographer files of nouns, from number 3 on:
  /// [lexnames(5WN)](https://wordnet.princeton.edu/documentation/lexnames5wn).
  static final List<String> LABELS =
      List.of(
          "noun.Tops",
          "noun.act",
          "noun.animal",
          "noun.artifact",
          "noun.attribute",
          "noun.body",
          "noun.cognition",
          "noun.communication",
          "noun.event",
          "noun.feeling",
          "noun.food",
          "noun.group",
          "noun.location",
          "noun.motive",
          "noun.object",
          "noun.person",
          "noun.phenomenon",
          "noun.plant",
          "noun.possession",
          "noun.process",
          "noun.quantity",
          "noun.relation",
          "noun.shape",
          "noun.state",
          "noun.substance",
          "noun.time");

  private static final int FIRST_LABEL = 3;
  private static final int SHOWN = 60;

  /// The head of a sense: offset, number of the lexicographer file, and type.
  private static final Pattern SENSE = Pattern.compile("(\\d{8}) (\\d\\d) n ");

  private static final String BEFORE_GLOSS = " | ";

  /// A line of the licence: two spaces, its number, and the text.
  private static final Pattern LICENCE = Pattern.compile(" +\\d+ ?(.*)");

  /// Reads the file.
  ///
  /// @param place what messages call the file
  /// @throws IOException when a line is neither licence nor sense; the message says which
  static WordNetNouns read(String place, BufferedReader reader) throws IOException {
    StringBuilder licence = new StringBuilder();
    List<Gloss> glosses = new ArrayList<>();
    int number = 0;
    for (String line = reader.readLine(); line != null; line = reader.readLine()) {
      number++;
      Matcher head = LICENCE.matcher(line);
      if (head.matches()) {
        licence.append(head.group(1).stripTrailing()).append('\n');
      } else {
        glosses.add(gloss(place + ", line " + number, line));
      }
    }
    return new WordNetNouns(licence.toString(), glosses);
  }

  private static Gloss gloss(String place, String line) throws IOException {
    Matcher sense = SENSE.matcher(line);
    int bar = line.indexOf(BEFORE_GLOSS);
    if (!sense.lookingAt() || bar < 0) {
      throw new IOException(
          "%s: expected 'OFFSET FILE n … | GLOSS', found '%s'; fetch WordNet again"
              .formatted(place, line.substring(0, Math.min(SHOWN, line.length()))));
    }
    int label = Integer.parseInt(sense.group(2)) - FIRST_LABEL;
    if (label < 0 || label >= LABELS.size()) {
      throw new IOException(
          "%s: lexicographer file %s holds no nouns; expected %02d to %02d"
              .formatted(place, sense.group(2), FIRST_LABEL, FIRST_LABEL + LABELS.size() - 1));
    }
    String text = definition(line.substring(bar + BEFORE_GLOSS.length()));
    return new Gloss(Long.parseLong(sense.group(1)), LABELS.get(label), text);
  }

  /// The gloss up to its first example, which is a quotation after a semicolon.
  private static String definition(String gloss) {
    int example = gloss.indexOf("; \"");
    return (example < 0 ? gloss : gloss.substring(0, example)).strip();
  }
}
