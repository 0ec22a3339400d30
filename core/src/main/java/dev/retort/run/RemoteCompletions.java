package dev.retort.run;

import dev.retort.api.Asked;
import dev.retort.api.Asking;
import dev.retort.api.ChatAnswer;
import dev.retort.api.ChatRequest;
import dev.retort.api.RetryableApiException;
import dev.retort.data.Finding;
import dev.retort.ledger.Estimate;
import dev.retort.ledger.Ledger;
import dev.retort.recipe.Recipe;
import dev.retort.recipe.TeacherSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Sequence-level distillation from a teacher behind an API: it completes the prompts of training
/// and validation data, and a student then learns that as if it were the data.
///
/// The file is that of [SequenceLabelling]. Every answer is in the ledger before it is in the file:
/// what was paid for is never asked again, whatever becomes of the file.
///
/// @param context what the work needs from outside
/// @param settings how completions are written
public record RemoteCompletions(RunContext context, WritingSettings settings) {

  /// Lines between two writes to the disk.
  private static final int AT_ONCE = 64;

  /// Completes the prompts of `recipe` into `file`, or the rest of them.
  ///
  /// @throws RunException if the recipe has no prompts for a language model
  /// @throws RunInterruptedException if the user asked for the end first
  /// @throws RetryableApiException if some requests have failed for now
  /// @throws dev.retort.ledger.BudgetSpentException if the budget was spent first
  public SequenceLabelling.Outcome write(Recipe recipe, Path recipeFolder, Path file)
      throws IOException {
    RemotePrompts prompts = RemotePrompts.read(recipe, recipeFolder, settings);
    TeacherSettings teacher = recipe.mainTeacher();
    PaidTeachers teachers = new PaidTeachers(context, recipe);
    Path apart = SequenceLabelling.apart(file);
    try (Ledger ledger = teachers.paying().ledger();
        PaidTeacher paid = teachers.open(teacher, ledger);
        CompletionFile kept = CompletionFile.open(file, by(teacher, paid));
        CompletionFile leftOut = CompletionFile.open(apart, by(teacher, paid))) {
      Lines lines = new Lines(kept, leftOut);
      List<RemotePrompts.Prompt> missing =
          prompts.all().stream().filter(prompt -> !lines.has(prompt.key())).toList();
      paid.askInBatches(missing.stream().map(RemotePrompts.Prompt::request));
      context.listener().phaseStarted("completions", missing.size(), "texts");
      Paying paying = teachers.paying();
      Asking asking = new Asking(paid.model(), paid.concurrency(), paying::isStopped);
      try {
        paying.asking(file, () -> lines.hearAll(asking, missing.iterator()));
      } catch (UncheckedIOException e) {
        throw new IOException("%s: %s".formatted(file, e.getMessage()), e);
      } finally {
        lines.write();
      }
      context.listener().phaseEnded("completions", paid.summary());
      String name = recipe.lineup().mainName();
      paid.redaction(name).map(Finding::toString).ifPresent(context.listener()::noted);
      Paying.requireAll(name, lines.failures);
      return new SequenceLabelling.Outcome(kept.size(), leftOut.size(), apart, 0);
    }
  }

  /// What completing all prompts of `recipe` would cost.
  public Estimate estimate(Recipe recipe, Path recipeFolder) throws IOException {
    Stream<ChatRequest> requests =
        RemotePrompts.read(recipe, recipeFolder, settings).all().stream()
            .map(RemotePrompts.Prompt::request);
    PaidTeachers teachers = new PaidTeachers(context, recipe);
    try (Ledger ledger = teachers.paying().ledger()) {
      return teachers.estimate(recipe.mainTeacher(), requests, ledger);
    }
  }

  private ObjectNode by(TeacherSettings teacher, PaidTeacher paid) {
    return JsonMapper.shared()
        .createObjectNode()
        .put("teacher", teacher.model())
        .put(
            "asked",
            paid.fingerprint(List.of(teacher.ask(), teacher.remote().redact())).substring(0, 12))
        .put("maxTokens", settings.maxTokens())
        .put("temperature", settings.temperature())
        .put("topP", settings.topP())
        .put("seed", settings.seed());
  }

  /// Sorts answers into those to learn from and those that lie apart.
  private final class Lines {
    private final CompletionFile kept;
    private final CompletionFile leftOut;
    private final StringBuilder keptLines = new StringBuilder();
    private final StringBuilder leftOutLines = new StringBuilder();
    private final List<RetryableApiException> failures = new ArrayList<>();
    private int heard;

    Lines(CompletionFile kept, CompletionFile leftOut) {
      this.kept = kept;
      this.leftOut = leftOut;
    }

    boolean has(String key) {
      return kept.has(key) || leftOut.has(key);
    }

    /// Asks about all of `missing`.
    Lines hearAll(Asking asking, Iterator<RemotePrompts.Prompt> missing)
        throws InterruptedException {
      asking.<RemotePrompts.Prompt>inOrder(missing, RemotePrompts.Prompt::request, this::hear);
      return this;
    }

    private void hear(Asked<RemotePrompts.Prompt> asked) {
      RemotePrompts.Prompt prompt = asked.subject();
      switch (asked) {
        case Asked.Answered<RemotePrompts.Prompt>(_, ChatAnswer answer) -> hear(prompt, answer);
        case Asked.Failed<RemotePrompts.Prompt>(_, RetryableApiException failure) ->
            failures.add(failure);
        // A request that is refused for what it says will be refused again: that is an answer.
        case Asked.Failed<RemotePrompts.Prompt>(_, var refusal) ->
            leaveOut(prompt, prompt.row("", false), String.valueOf(refusal.getMessage()));
      }
      heard++;
      context.listener().advanced(heard);
      if (heard % AT_ONCE == 0) {
        try {
          write();
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
      }
    }

    private void hear(RemotePrompts.Prompt prompt, ChatAnswer answer) {
      ObjectNode row = prompt.row(answer.text(), answer.finish() == ChatAnswer.Finish.STOP);
      problem(answer)
          .ifPresentOrElse(
              reason -> leaveOut(prompt, row, reason),
              () -> kept.line(prompt.key(), row, keptLines));
    }

    private void leaveOut(RemotePrompts.Prompt prompt, ObjectNode row, String reason) {
      leftOut.line(prompt.key(), row.put("reason", reason), leftOutLines);
    }

    /// Why nobody should learn from `answer`, if so.
    private Optional<String> problem(ChatAnswer answer) {
      if (answer.text().isBlank() && answer.finish() == ChatAnswer.Finish.STOP) {
        return Optional.of("says nothing");
      }
      return switch (answer.finish()) {
        case STOP -> Optional.empty();
        case LENGTH ->
            settings.keepTruncated() && !answer.text().isBlank()
                ? Optional.empty()
                : Optional.of("cut off after %d tokens".formatted(settings.maxTokens()));
        case REFUSED -> Optional.of("the model declined");
        case FILTERED -> Optional.of("a filter kept it back");
        case OTHER -> Optional.of("ended for another reason than its end");
      };
    }

    void write() throws IOException {
      leftOut.append(leftOutLines);
      kept.append(keptLines);
      leftOutLines.setLength(0);
      keptLines.setLength(0);
    }
  }
}
