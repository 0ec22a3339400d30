package dev.retort.run;

import dev.retort.api.ChatRequest;
import dev.retort.api.RetryableApiException;
import dev.retort.data.Example;
import dev.retort.label.LabelledText;
import dev.retort.label.Labeller;
import dev.retort.ledger.Estimate;
import dev.retort.ledger.Ledger;
import dev.retort.recipe.Recipe;
import dev.retort.recipe.TeacherSettings;
import java.io.IOException;
import java.util.List;
import java.util.stream.Stream;

/// The teachers of a recipe that are behind APIs: asked on the recipe's account.
///
/// @param context what the run needs from outside
/// @param recipe whose teachers they are
record PaidTeachers(RunContext context, Recipe recipe) {

  /// Their names, in recipe order.
  List<String> names() {
    return recipe.lineup().names().stream()
        .filter(name -> recipe.lineup().teacher(name).isRemote())
        .toList();
  }

  /// Asks on the recipe's account.
  Paying paying() {
    return new Paying(context, recipe.name());
  }

  /// The teacher of these settings, ready to be asked.
  PaidTeacher open(TeacherSettings teacher, Ledger ledger) throws IOException {
    return new PaidTeacher(paying(), teacher.remoteModel(), ledger);
  }

  /// What answers to `requests` would cost.
  Estimate estimate(TeacherSettings teacher, Stream<ChatRequest> requests, Ledger ledger) {
    return teacher.remoteModel().estimate(requests, ledger);
  }

  /// What came of asking the teacher of this name about each of `texts`.
  ///
  /// @throws RunInterruptedException if the user asked for the end first
  /// @throws RetryableApiException if some requests have failed for now
  List<LabelledText> complete(String name, Labeller labeller, List<Example> texts) {
    Labeller.Outcome outcome =
        paying().asking(() -> labeller.label(texts, done -> context.listener().advanced(done)));
    Paying.requireAll(name, outcome.unanswered());
    return outcome.labelled();
  }
}
