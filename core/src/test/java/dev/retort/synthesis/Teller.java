package dev.retort.synthesis;

import dev.retort.api.ChatAnswer;
import dev.retort.api.ChatRequest;
import dev.retort.api.ScriptedModel;
import dev.retort.data.DataRow;
import dev.retort.quality.Sifted;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/// Carries out steps with a script in the model's place.
final class Teller {

  private final List<ChatRequest> asked = new ArrayList<>();
  private final Function<ChatRequest, ChatAnswer> script;

  private Teller(Function<ChatRequest, ChatAnswer> script) {
    this.script = script;
  }

  /// Answers each request with a text.
  static Teller says(Function<ChatRequest, String> script) {
    return new Teller(request -> ScriptedModel.says(script.apply(request)));
  }

  static Teller answers(Function<ChatRequest, ChatAnswer> script) {
    return new Teller(script);
  }

  /// What comes of `step`, with one request at a time.
  Sifted run(AskingStep step, DataRow... rows) throws InterruptedException {
    return conduct(step.inquiries(List.of(rows), 7)).sifted();
  }

  Interview.Outcome conduct(List<Inquiry> inquiries) throws InterruptedException {
    ScriptedModel model =
        new ScriptedModel(request -> {
          asked.add(request);
          return script.apply(request);
        });
    return new Interview(model, 1, () -> false).conduct(inquiries, NOBODY);
  }

  /// Everything that was asked.
  List<ChatRequest> asked() {
    return asked;
  }

  static DataRow row(String origin, String... fields) {
    DataRow row = DataRow.from(origin);
    for (int i = 0; i < fields.length; i += 2) {
      row = row.with(fields[i], fields[i + 1]);
    }
    return row;
  }

  static final Interview.Listener NOBODY =
      new Interview.Listener() {
        @Override
        public void began(int wave, int requests) {}

        @Override
        public void advanced(int done) {}
      };
}
