package dev.retort.quality;

import dev.retort.catalog.Check;
import dev.retort.catalog.Default;
import dev.retort.catalog.Doc;
import dev.retort.catalog.Named;
import dev.retort.data.DataRow;
import dev.retort.data.SimilarTexts;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// Drops rows whose text is almost that of one which is kept, or of one in a file such as the test
/// data: the Jaccard similarity of their sets of character 5-grams, without regard to case and
/// white space, is at least a threshold ([SimilarTexts]).
///
/// @param column with the text
/// @param similarity from which on texts are too much alike
/// @param against files with texts that must not come again
/// @param againstColumn their column with the text
@Named("near-duplicates")
@Doc("Drops rows whose text is almost that of a row before it, or of the test data.")
public record NearDuplicates(
    @Doc("Column with the text.") String column,
    @Default("0.8")
        @Doc("Similarity from which on texts are too much alike, 0.5 to 1: Jaccard of 5-grams.")
        double similarity,
    @Doc("Files with texts that must not come again, such as the test data: a path or glob.")
        Optional<String> against,
    @Doc("Their column with the text; that of `column` if left out.")
        Optional<String> againstColumn)
    implements SetFilter {

  public NearDuplicates {
    Check.notBlank("column", column);
    Check.within("similarity", similarity, SimilarTexts.LOWEST, 1);
  }

  @Override
  public Map<String, String> reads() {
    return Map.of("column", column);
  }

  @Override
  public Sifted sift(List<DataRow> rows, FilterContext context) throws IOException {
    SimilarTexts texts = new SimilarTexts(similarity);
    List<String> origins = new ArrayList<>();
    for (Reference reference : Reference.read(against, againstColumn.orElse(column), context)) {
      texts.add(Folded.of(reference.text()));
      origins.add(reference.origin());
    }
    List<DataRow> kept = new ArrayList<>();
    List<Dropped> dropped = new ArrayList<>();
    for (DataRow row : rows) {
      String text = Folded.of(row.text(column).orElse(""));
      Optional<SimilarTexts.Match> match = texts.like(text).findFirst();
      if (match.isPresent()) {
        dropped.add(new Dropped(row, reason(match.get(), origins)));
      } else {
        texts.add(text);
        origins.add(row.origin());
        kept.add(row);
      }
    }
    return new Sifted(kept, dropped);
  }

  private String reason(SimilarTexts.Match match, List<String> origins) {
    return String.format(
        Locale.ROOT,
        "%s is %.2f like that of %s",
        column,
        match.similarity(),
        origins.get(match.index()));
  }
}
