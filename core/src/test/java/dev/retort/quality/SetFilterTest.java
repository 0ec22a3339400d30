package dev.retort.quality;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.retort.data.DataException;
import dev.retort.data.DataRow;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SetFilterTest {

  /// Serves the same rows for every file, and vectors that the texts spell out.
  private record Fixed(List<DataRow> rows) implements FilterContext {
    @Override
    public List<DataRow> rows(String pattern) {
      return rows;
    }

    @Override
    public float[][] vectors(String model, List<String> texts) {
      return texts.stream()
          .map(text -> {
            double angle = Math.toRadians(Double.parseDouble(text));
            return new float[] {(float) (3 * Math.cos(angle)), (float) (3 * Math.sin(angle))};
          })
          .toArray(float[][]::new);
    }
  }

  private static final FilterContext NOTHING = new Fixed(List.of());

  @Test
  void theFirstOfEqualTextsIsKept() throws IOException {
    Sifted sifted =
        new Duplicates("text", Optional.empty(), Optional.empty())
            .sift(rows("Lost card", "lost  CARD ", "Found card"), NOTHING);

    assertThat(texts(sifted)).containsExactly("Lost card", "Found card");
    assertThat(reasons(sifted)).containsExactly("text is that of row 0");
  }

  @Test
  void whatIsInTheTestDataIsDropped() throws IOException {
    FilterContext test = new Fixed(List.of(DataRow.from("test.csv:2").with("query", "Lost card")));
    Duplicates filter = new Duplicates("text", Optional.of("test.csv"), Optional.of("query"));

    Sifted sifted = filter.sift(rows("Lost card", "Found card"), test);

    assertThat(texts(sifted)).containsExactly("Found card");
    assertThat(reasons(sifted)).containsExactly("text is that of test.csv:2");
    assertThatThrownBy(() ->
            new Duplicates("text", Optional.of("test.csv"), Optional.empty()).sift(rows(), test))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("no row has a text in column 'text'");
  }

  @Test
  void nearDuplicatesOfKeptRowsAndOfTheTestDataAreDropped() throws IOException {
    FilterContext test =
        new Fixed(
            List.of(
                DataRow.from("test.csv:2").with("text", "Please tell me how to top up by cheque")));
    NearDuplicates filter =
        new NearDuplicates("text", 0.7, Optional.of("test.csv"), Optional.empty());

    Sifted sifted =
        filter.sift(
            rows(
                "My new card has not arrived after two weeks of waiting",
                "my new card has not arrived after two weeks of waiting!",
                "Please tell me how to top up by check",
                "What is the exchange rate for euros today"),
            test);

    assertThat(texts(sifted))
        .containsExactly(
            "My new card has not arrived after two weeks of waiting",
            "What is the exchange rate for euros today");
    assertThat(reasons(sifted).getFirst()).matches("text is 0\\.9\\d like that of row 0");
    assertThat(reasons(sifted).getLast()).matches("text is 0\\.[789]\\d like that of test.csv:2");
  }

  @Test
  void labelsAreCapped() throws IOException {
    List<DataRow> rows = new ArrayList<>();
    for (int i = 0; i < 9; i++) {
      rows.add(row(i, "text " + i).with("label", i < 6 ? "a" : i < 8 ? "b" : " "));
    }

    Sifted byRatio =
        new LabelBalance("label", Optional.empty(), Optional.of(1.5)).sift(rows, NOTHING);
    Sifted byCount =
        new LabelBalance("label", Optional.of(1), Optional.empty()).sift(rows, NOTHING);

    assertThat(texts(byRatio)).containsExactly("text 0", "text 1", "text 2", "text 6", "text 7");
    assertThat(texts(byCount)).containsExactly("text 0", "text 6");
    assertThat(reasons(byRatio)).contains("there are 3 rows of 'a' before it", "label is empty");
  }

  @Test
  void otherLanguagesAreDroppedAndShortTextsKept() throws IOException {
    Sifted sifted =
        new Language("text", List.of("en"), 20)
            .sift(
                rows(
                    "Where is my new card? It should have been here a week ago.",
                    "Wo ist meine neue Karte? Sie sollte schon vor einer Woche hier sein.",
                    "¿Dónde está mi nueva tarjeta? Debería haber llegado hace una semana.",
                    "Ja bitte"),
                NOTHING);

    assertThat(texts(sifted))
        .containsExactly("Where is my new card? It should have been here a week ago.", "Ja bitte");
    assertThat(reasons(sifted))
        .containsExactly("text looks like deu, not [eng]", "text looks like spa, not [eng]");
    assertThatThrownBy(() -> new Language("text", List.of("english"), 20))
        .hasMessage("languages holds 'english', which is no ISO 639 code such as en or eng");
  }

  @Test
  void theRowsThatLieFurthestApartAreKept() throws IOException {
    Sifted sifted =
        new Diverse("text", "a-model", 3).sift(rows("0", "1", "90", "91", "180", "2"), NOTHING);

    assertThat(texts(sifted)).containsExactly("0", "90", "180");
    assertThat(reasons(sifted).getFirst())
        .isEqualTo("is among the least different: row 0 is kept, at a cosine distance of 0.000");
    assertThat(sifted.dropped()).hasSize(3);
  }

  @Test
  void fewerRowsThanWantedAreAllKept() throws IOException {
    assertThat(texts(new Diverse("text", "a-model", 9).sift(rows("0", "1"), NOTHING)))
        .containsExactly("0", "1");
  }

  /// Gonzalez's bound, against all selections: the greedy radius is at most twice the best one.
  @Test
  void theGreedySelectionIsAtMostTwiceAsWideAsTheBest() {
    Random random = new Random(5);
    float[][] vectors = new float[12][3];
    for (float[] vector : vectors) {
      for (int i = 0; i < vector.length; i++) {
        vector[i] = (float) random.nextGaussian();
      }
    }
    List<Integer> greedy = KCenter.of(vectors, 3).selected();
    double best = Double.POSITIVE_INFINITY;
    for (int a = 0; a < 12; a++) {
      for (int b = a + 1; b < 12; b++) {
        for (int c = b + 1; c < 12; c++) {
          best = Math.min(best, radius(vectors, List.of(a, b, c)));
        }
      }
    }

    assertThat(greedy).doesNotHaveDuplicates().hasSize(3).startsWith(0);
    assertThat(radius(vectors, greedy)).isLessThanOrEqualTo(2 * best);
  }

  private static double radius(float[][] vectors, List<Integer> centers) {
    return IntStream.range(0, vectors.length)
        .mapToDouble(row ->
            centers.stream()
                .mapToDouble(center -> distance(vectors[row], vectors[center]))
                .min()
                .orElseThrow())
        .max()
        .orElseThrow();
  }

  /// Euclidean distance of the vectors at length 1.
  private static double distance(float[] a, float[] b) {
    double dot = 0;
    double lengthA = 0;
    double lengthB = 0;
    for (int i = 0; i < a.length; i++) {
      dot += a[i] * b[i];
      lengthA += a[i] * a[i];
      lengthB += b[i] * b[i];
    }
    return Math.sqrt(Math.max(0, 2 - 2 * dot / Math.sqrt(lengthA * lengthB)));
  }

  private static List<DataRow> rows(String... texts) {
    return IntStream.range(0, texts.length).mapToObj(i -> row(i, texts[i])).toList();
  }

  private static DataRow row(int index, String text) {
    return DataRow.from("row " + index).with("text", text);
  }

  private static List<String> texts(Sifted sifted) {
    return sifted.kept().stream().map(row -> row.text("text").orElseThrow()).toList();
  }

  private static List<String> reasons(Sifted sifted) {
    return sifted.dropped().stream().map(Dropped::reason).toList();
  }
}
