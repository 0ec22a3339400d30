package dev.retort.run;

import dev.retort.data.Finding;
import dev.retort.io.SystemFile;
import dev.retort.model.Precision;
import dev.retort.model.decoder.DecoderConfig;
import dev.retort.recipe.GenerationPlan;
import dev.retort.recipe.Stage;
import java.io.IOException;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;

/// What a run of a language model will about need, known from shapes alone. It errs on the side of
/// too much: the measured peak of SmolLM2-135M and its half is a sixth lower.
///
/// @param teacher bytes of the teachers' weights, in 32 bits and as they are asked
/// @param student bytes of the student's weights, and of what is trained of it two gradients (one
///   for each thread) and the two moments of AdamW
/// @param states bytes of what layers keep for the gradient, in the greatest step
/// @param head bytes of logits that exist at once
record MemoryEstimate(double teacher, double student, double states, double head) {

  /// The virtual machine, libraries and what else does not depend on the models.
  private static final double FIXED = 0.5e9;

  /// Parts of a micro-batch that are computed at a time.
  private static final int THREADS = 2;

  /// Logits of a chunk, as [dev.retort.objective.HeadLoss] cuts them.
  private static final double CHUNK = 1 << 24;

  private static final int WIDE = 4;
  private static final int NARROW = 2;

  /// The estimate for `plan`.
  static MemoryEstimate of(GenerationPlan plan) {
    boolean narrow = plan.recipe().train().precision() == Precision.BF16;
    double states =
        plan.recipe().training().stream().mapToDouble(stage -> states(plan, stage)).max().orElse(0);
    return new MemoryEstimate(
        plan.teachers().values().stream().mapToDouble(model -> weights(model.config())).sum()
            * (narrow ? WIDE + NARROW : WIDE),
        student(plan, narrow),
        states,
        THREADS * (1 + plan.teachers().size()) * CHUNK * (narrow ? WIDE + NARROW : WIDE));
  }

  /// Frozen weights are kept as they are asked, and adapters beside them.
  private static double student(GenerationPlan plan, boolean narrow) {
    DecoderConfig student = plan.student();
    double trained = WIDE * (1 + THREADS + 2);
    boolean again =
        plan.recipe().training().stream().allMatch(stage -> stage.train().gradientCheckpointing());
    double atOnce = again ? 1.0 / student.layers() : 1;
    double casts = narrow ? NARROW * THREADS * layers(student) * atOnce : 0;
    return plan.recipe()
        .student()
        .lora()
        .map(lora ->
            weights(student) * (narrow ? NARROW : WIDE) + lora.parameters(student) * trained)
        .orElseGet(() -> weights(student) * trained + casts);
  }

  private static double weights(DecoderConfig config) {
    double embedding = (double) config.vocabularySize() * config.hiddenSize();
    return config.matrixParameters() + (config.tied() ? 0 : embedding);
  }

  private static double layers(DecoderConfig config) {
    return config.matrixParameters() - (double) config.vocabularySize() * config.hiddenSize();
  }

  /// A layer keeps about fourteen vectors of the hidden size for each token, eight of the
  /// feed-forward's and its share of the attention's probabilities. Of layers that are computed
  /// again there is one at a time, and what each of them reads.
  private static double states(GenerationPlan plan, Stage stage) {
    DecoderConfig student = plan.student();
    double attention =
        (double) plan.recipe().mainTeacher().maxLength() * student.attention().heads();
    double perToken =
        WIDE * (14.0 * student.hiddenSize() + 8.0 * student.intermediateSize())
            + 2 * WIDE * attention;
    double tokens = stage.train().batchTokens();
    return stage.train().gradientCheckpointing()
        ? tokens * (perToken + (double) WIDE * student.hiddenSize() * (student.layers() + 1))
        : tokens * perToken * student.layers();
  }

  /// All of it in bytes.
  double total() {
    return teacher + student + states + head + FIXED;
  }

  /// What to tell before a run: a warning, if this machine has less.
  Finding finding() throws IOException {
    OptionalLong free = available();
    boolean enough = free.isEmpty() || total() <= free.getAsLong();
    String message =
        String.format(
            Locale.ROOT,
            "memory: about %.1f GB (teacher %.1f, student with gradients and AdamW %.1f, states of a step %.1f, logits %.1f)",
            total() / 1e9,
            teacher / 1e9,
            student / 1e9,
            states / 1e9,
            head / 1e9);
    return new Finding(
        enough ? Finding.Severity.INFO : Finding.Severity.WARNING,
        Optional.empty(),
        enough
            ? message
            : message
                + String.format(
                    Locale.ROOT,
                    ", but this machine has %.1f GB to spare; lower train.batchTokens and raise train.accumulate, set train.gradientCheckpointing, lower teacher.maxLength, or use a smaller model",
                    free.getAsLong() / 1e9));
  }

  /// What programs could still take; unknown where the system does not say.
  private static OptionalLong available() throws IOException {
    OptionalLong kilobytes = SystemFile.kilobytes(SystemFile.MEMORY, "MemAvailable");
    return kilobytes.isPresent()
        ? OptionalLong.of(kilobytes.getAsLong() << 10)
        : OptionalLong.empty();
  }
}
