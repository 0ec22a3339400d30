package dev.retort.run;

import dev.retort.data.BatchSource;
import dev.retort.data.Finding;
import dev.retort.data.SequenceBatch;
import dev.retort.data.SequenceDataset;
import dev.retort.model.Precision;
import dev.retort.recipe.GenerationPlan;
import dev.retort.recipe.Stage;
import dev.retort.signal.Need;
import dev.retort.signal.TokenStore;
import dev.retort.signal.codec.TokenCodec;
import dev.retort.teacher.StoredTokens;
import dev.retort.teacher.Teacher;
import dev.retort.teacher.TokenCapture;
import dev.retort.teacher.WithFeatures;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.IntStream;

/// A language model's teachers as their student hears them, as one: asked in every step, or once
/// before. What is computed inside it is never kept.
///
/// @param fingerprint hash of all that its answers depend on
/// @param asked who is asked in every step, if anyone is; shares weights with the teachers' models
/// @param stored what the teacher has said before, if that is kept
/// @param findings what is worth knowing about it
record TokenTeacher(
    String fingerprint,
    Optional<LanguageTeachers> asked,
    Optional<StoredTokens> stored,
    List<Finding> findings)
    implements AutoCloseable {

  TokenTeacher {
    findings = List.copyOf(findings);
  }

  /// Who is heard in `stage`; nobody, if no loss asks.
  Optional<Teacher<SequenceBatch>> in(Stage stage) {
    if (stage.needs().isEmpty()) {
      return Optional.empty();
    }
    Optional<Teacher<SequenceBatch>> told = stored.map(Function.identity());
    return stage.needs().stream().noneMatch(Need::isFeature)
        ? told.or(() -> inside(stage))
        : inside(stage).map(inside -> told.map(some -> with(some, inside)).orElse(inside));
  }

  private static Teacher<SequenceBatch> with(
      Teacher<SequenceBatch> told, Teacher<SequenceBatch> inside) {
    return new WithFeatures<>(told, inside);
  }

  private Optional<Teacher<SequenceBatch>> inside(Stage stage) {
    return asked.map(teachers -> teachers.inside(stage.train().precision()));
  }

  /// How many texts it has answered that are kept.
  int size() {
    return stored.map(teacher -> teacher.store().size()).orElse(0);
  }

  @Override
  public void close() {
    asked.ifPresent(LanguageTeachers::close);
    stored.ifPresent(StoredTokens::close);
  }

  /// Gets such a teacher ready.
  ///
  /// @param context what the run needs from outside
  /// @param plan what was asked for
  /// @param clock how long asking takes
  record Opening(RunContext context, GenerationPlan plan, Clock clock) {

    /// The teacher that teaches what it knows. It is asked in the precision of training, whether
    /// now or in every step.
    ///
    /// @param teachers who knows
    /// @param training the texts of each stage
    /// @throws RunInterruptedException if the user asked for the end before all was answered
    TokenTeacher open(LanguageTeachers teachers, List<BatchSource<SequenceBatch>> training)
        throws IOException {
      Optional<TokenCodec> codec = plan.codec();
      if (codec.isEmpty()) {
        return new TokenTeacher(
            teachers.fingerprint(), asked(teachers, _ -> true), Optional.empty(), List.of());
      }
      StoredTokens stored =
          clock.time("teacher's answers", () -> stored(teachers, codec.get(), heard(training)));
      Finding found = Finding.note(described(codec.get(), stored.store().shards()));
      context.listener().noted(found.toString());
      return new TokenTeacher(
          teachers.fingerprint(),
          asked(teachers, Need::isFeature),
          Optional.of(stored),
          List.of(found));
    }

    /// The models as they are asked in every step, if a stage needs something that is `wanted`.
    private Optional<LanguageTeachers> asked(LanguageTeachers teachers, Predicate<Need> wanted) {
      return plan.recipe().training().stream()
              .anyMatch(stage -> stage.needs().stream().anyMatch(wanted))
          ? Optional.of(teachers.frozen(precision()))
          : Optional.empty();
    }

    private Precision precision() {
      return plan.recipe().train().precision();
    }

    /// The texts of all stages that compare what is kept.
    private SequenceDataset heard(List<BatchSource<SequenceBatch>> training) {
      List<Stage> stages = plan.recipe().training();
      return new SequenceDataset(
          IntStream.range(0, training.size())
              .filter(stage -> stages.get(stage).needs().contains(Need.DISTRIBUTION))
              .mapToObj(training::get)
              .filter(SequenceDataset.class::isInstance)
              .map(SequenceDataset.class::cast)
              .flatMap(data -> data.sequences().stream())
              .toList());
    }

    private StoredTokens stored(LanguageTeachers teachers, TokenCodec codec, SequenceDataset texts)
        throws IOException {
      String kept = Fingerprints.of(teachers.fingerprint(), precision(), codec);
      Path folder = context.workspace().tokenSignals(kept);
      TokenStore store = TokenStore.open(folder, kept);
      try {
        if (TokenCapture.unanswered(texts, store).size() > 0) {
          try (LanguageTeachers frozen = teachers.frozen(precision())) {
            ask(new TokenCapture(frozen.together(precision()), codec, store), texts, folder);
          }
        }
        return new StoredTokens(teachers.together(precision()).name(), kept, codec, store);
      } catch (RuntimeException e) {
        store.close();
        throw e;
      }
    }

    private void ask(TokenCapture capture, SequenceDataset texts, Path folder) {
      long tokens = TokenCapture.unanswered(texts, capture.store()).predicted();
      String phase = "asking the teacher";
      context.listener().phaseStarted(phase, tokens, "tokens");
      boolean all =
          capture.answer(
              texts,
              () -> context.stop().reason().isPresent(),
              done -> context.listener().advanced(done));
      if (!all) {
        throw RunInterruptedException.whileAsking(folder);
      }
      context.listener().phaseEnded(phase, String.format(Locale.ROOT, "%,d tokens", tokens));
    }

    /// `teacher.signals: top-k, k = 15: 1,234 tokens in 2 shards of 59.0 bytes a token; …`.
    private static String described(TokenCodec codec, List<TokenStore.Shard> shards) {
      long tokens = shards.stream().mapToLong(TokenStore.Shard::tokens).sum();
      long bytes = shards.stream().mapToLong(TokenStore.Shard::bytes).sum();
      double error =
          shards.stream().mapToDouble(shard -> shard.error() * shard.tokens()).sum() / tokens;
      Comparator<TokenStore.Shard> byError = Comparator.comparingDouble(TokenStore.Shard::error);
      return String.format(
          Locale.ROOT,
          "teacher.signals: %s: %,d tokens at %.1f bytes; %s %.4f nats a token (%.4f to %.4f in %d shards)",
          codec.label(),
          tokens,
          bytes / (double) tokens,
          codec.measure(),
          error,
          shards.stream().min(byError).orElseThrow().error(),
          shards.stream().max(byError).orElseThrow().error(),
          shards.size());
    }
  }
}
