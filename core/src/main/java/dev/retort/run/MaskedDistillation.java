package dev.retort.run;

import dev.retort.data.MaskedBatch;
import dev.retort.model.MaskedLanguageModel;
import dev.retort.model.ModelWeights;
import dev.retort.model.Pretrained;
import dev.retort.recipe.Plan;
import dev.retort.recipe.Recipe;
import dev.retort.report.RunReport;
import dev.retort.runtime.Tokenizer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

/// A run of task `masked-lm`: a masked language model is made smaller on plain text, as DistilBERT
/// was (Sanh et al. 2019).
///
/// @param context what the run needs from outside
record MaskedDistillation(RunContext context) {

  /// Runs `plan` on the data below `recipeFolder`.
  RunReport distill(Plan plan, Path recipeFolder, RunFolder folder, RunTools tools)
      throws IOException {
    Recipe recipe = plan.recipe();
    Pretrained pretrained = plan.teacher();
    Clock clock = tools.clock();
    CheckedData checked = clock.time("data", () -> CheckedData.read(plan, recipeFolder));
    checked.findings().forEach(finding -> context.listener().noted(finding.toString()));
    String fingerprint =
        Fingerprints.of(Fingerprints.of(pretrained), recipe.mainTeacher().maxLength());
    try (Tokenizer tokenizer = Tokenizer.open(pretrained.tokenizer());
        MaskedLanguageModel teacher = ModelWeights.maskedLanguageModel(pretrained)) {
      RunData texts =
          clock.time(
              "data", () -> RunData.of(pretrained, checked, recipe.mainTeacher().maxLength()));
      MaskedData data = MaskedData.of(texts, tokenizer, pretrained, recipe.train().seed());
      RunRecord.of(
              plan,
              recipeFolder,
              texts,
              Map.of(recipe.lineup().mainName(), fingerprint),
              tools.started())
          .write(folder.provenance());
      MaskedPhase phase = new MaskedPhase(plan, data, fingerprint, teacher);
      try (TokenStudents<MaskedBatch> trained = TokenStudents.train(phase, folder, tools)) {
        return new TokenReporting<>(context, phase, folder, clock).report(trained, tools.started());
      }
    }
  }
}
