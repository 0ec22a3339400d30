package dev.retort.quality;

import dev.retort.catalog.Check;
import dev.retort.catalog.Default;
import dev.retort.catalog.Doc;
import dev.retort.catalog.Named;
import dev.retort.data.DataException;
import dev.retort.data.DataRow;
import dev.retort.data.Finding;
import dev.retort.data.Finding.Severity;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import opennlp.tools.langdetect.LanguageDetector;
import opennlp.tools.langdetect.LanguageDetectorME;
import opennlp.tools.langdetect.LanguageDetectorModel;

/// Drops texts in another language than wanted, as OpenNLP's detector of 103 languages takes them.
/// A text with few letters says too little about its language and is kept.
///
/// @param column with the text
/// @param languages that are wanted
/// @param minimumLetters a shorter text is kept
@Named("language")
@Doc("Drops texts in another language than wanted.")
public record Language(
    @Doc("Column with the text.") String column,
    @Doc("Languages that are wanted, as ISO 639 codes: `en` or `eng`.") List<String> languages,
    @Default("40") @Doc("Letters below which a text says too little, and is kept.")
        int minimumLetters)
    implements SetFilter {

  private static final String MODEL = "/langdetect-183.bin";

  /// Codes of the detector for what has another one elsewhere: Mandarin is most of written Chinese.
  private static final Map<String, String> DETECTORS = Map.of("zho", "cmn");

  private static final Set<String> KNOWN =
      Arrays.stream(Locale.getISOLanguages())
          .flatMap(code -> Stream.of(code, Locale.of(code).getISO3Language()))
          .collect(Collectors.toUnmodifiableSet());

  public Language {
    languages = List.copyOf(languages);
    Check.notBlank("column", column);
    Check.notEmpty("languages", languages);
    Check.atLeast("minimumLetters", minimumLetters, 1);
    for (String language : languages) {
      Check.that(
          KNOWN.contains(language) || DETECTORS.containsValue(language),
          "languages",
          "holds '%s', which is no ISO 639 code such as en or eng".formatted(language));
    }
  }

  @Override
  public Map<String, String> reads() {
    return Map.of("column", column);
  }

  @Override
  public Sifted sift(List<DataRow> rows, FilterContext context) throws IOException {
    LanguageDetector detector = detector();
    Set<String> wanted = wanted(detector);
    List<DataRow> kept = new ArrayList<>();
    List<Dropped> dropped = new ArrayList<>();
    for (DataRow row : rows) {
      String text = row.text(column).orElse("");
      Optional<String> other =
          Optional.of(text)
              .filter(
                  some -> some.codePoints().filter(Character::isLetter).count() >= minimumLetters)
              .map(some -> detector.predictLanguage(some).getLang())
              .filter(language -> !wanted.contains(language));
      other.ifPresentOrElse(
          language ->
              dropped.add(
                  new Dropped(row, "%s looks like %s, not %s".formatted(column, language, wanted))),
          () -> kept.add(row));
    }
    return new Sifted(kept, dropped);
  }

  private Set<String> wanted(LanguageDetector detector) {
    Set<String> codes =
        languages.stream()
            .map(code -> Locale.of(code).getISO3Language())
            .map(code -> DETECTORS.getOrDefault(code, code))
            .collect(Collectors.toCollection(TreeSet::new));
    Set<String> supported = Set.of(detector.getSupportedLanguages());
    List<Finding> unknown =
        codes.stream()
            .filter(code -> !supported.contains(code))
            .map(code ->
                Finding.at(
                    Severity.ERROR,
                    List.of(),
                    "use: language, languages: the detector does not know '%s'; it knows %s"
                        .formatted(code, new TreeSet<>(supported))))
            .toList();
    if (!unknown.isEmpty()) {
      throw new DataException(unknown);
    }
    return codes;
  }

  private static LanguageDetector detector() throws IOException {
    try (InputStream model = Language.class.getResourceAsStream(MODEL)) {
      if (model == null) {
        throw new FileNotFoundException(
            MODEL + " is not on the class path; it is in opennlp-models-langdetect");
      }
      return new LanguageDetectorME(new LanguageDetectorModel(model));
    }
  }
}
