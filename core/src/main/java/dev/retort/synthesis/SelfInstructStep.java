package dev.retort.synthesis;

import dev.retort.api.ChatRequest;
import dev.retort.catalog.Check;
import dev.retort.catalog.Default;
import dev.retort.catalog.Doc;
import dev.retort.catalog.Inline;
import dev.retort.catalog.Named;
import dev.retort.data.DataRow;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Has the model write new texts of the kind of some that it is shown (Wang et al. 2023,
/// Self-Instruct, arXiv 2212.10560).
///
/// Every request shows a few texts, drawn anew for each; only seeds are shown, so that mistakes of
/// the model do not feed on themselves.
///
/// @param input column with the text, of the rows that are shown and of those that are written
/// @param count texts to write
/// @param shown texts that each request shows
/// @param each texts that each request asks for
/// @param instructions what kind of texts they are
/// @param structured whether answers are held to a JSON schema
/// @param sampling how answers are drawn
@Named("self-instruct")
@Doc("Writes new texts of the kind of those it is given, which it replaces.")
public record SelfInstructStep(
    @Default("prompt") @Doc("Column with the text: of rows that are shown, and of new ones.")
        String input,
    @Doc("Texts to write.") int count,
    @Default("6") @Doc("Texts that each request shows, drawn with the seed.") int shown,
    @Default("5") @Doc("Texts that each request asks for.") int each,
    @Default("Write new texts of the same kind as these examples, each about something else.")
        @Doc("What kind of texts they are, in words for the model.")
        String instructions,
    @Default("false") @Doc("Whether answers are held to a JSON schema, where the API can.")
        boolean structured,
    @Inline Sampling sampling)
    implements AskingStep {

  public SelfInstructStep {
    Check.notBlank("input", input);
    Check.atLeast("count", count, 1);
    Check.atLeast("shown", shown, 1);
    Check.atLeast("each", each, 1);
    Check.notBlank("instructions", instructions);
  }

  @Override
  public Map<String, String> reads() {
    return Map.of("input", input);
  }

  @Override
  public Set<String> adds() {
    return Set.of(input);
  }

  @Override
  public boolean keepsColumns() {
    return false;
  }

  @Override
  public Most most(long rows) {
    return new Most((count + each - 1) / each, count);
  }

  @Override
  public List<Inquiry> inquiries(List<DataRow> rows, long seed) {
    List<String> texts = rows.stream().flatMap(row -> row.text(input).stream()).toList();
    List<Inquiry> inquiries = new ArrayList<>();
    for (int first = 0; first < count && !texts.isEmpty(); first += each) {
      int wanted = Math.min(each, count - first);
      Draw draw = new Draw(seed, inquiries.size());
      DataRow made = DataRow.from("self-instruct %d".formatted(inquiries.size() + 1));
      ChatRequest request =
          prompting(wanted).request(examples(draw.some(texts, shown))).withSample(draw.sample());
      inquiries.add(Inquiry.ask(request, made, answer -> kept(answer, made, wanted)));
    }
    return inquiries;
  }

  private Prompting prompting(int wanted) {
    ListForm form = new ListForm(structured);
    return new Prompting(
        Texts.parts(instructions, form.instructions(wanted)), sampling.several(), form.schema());
  }

  private static String examples(List<String> texts) {
    return Texts.parts(
        texts.stream().map(text -> Texts.part("Example", text)).toArray(String[]::new));
  }

  private Inquiry kept(String answer, DataRow made, int wanted) {
    return switch (new ListForm(structured).read(answer)) {
      case Reading.Clear<List<String>>(List<String> texts) ->
          Inquiry.keep(texts.stream().limit(wanted).map(text -> made.with(input, text)).toList());
      case Reading.Unclear<List<String>>(String reason) -> Inquiry.drop(made, reason);
    };
  }
}
