package dev.retort.run;

import dev.retort.api.ChatRequest;
import dev.retort.api.ChatRequest.Decoding;
import dev.retort.api.ChatTurn;
import dev.retort.chat.Message;
import dev.retort.data.DataException;
import dev.retort.data.Example;
import dev.retort.label.LabelSettings;
import dev.retort.ledger.CanonicalRequest;
import dev.retort.recipe.PlanException;
import dev.retort.recipe.Recipe;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.function.Function;
import tools.jackson.databind.node.ObjectNode;

/// The prompts of a recipe's training and validation data as a model behind an API is asked them,
/// each once and in the order of the data.
///
/// @param all of them
record RemotePrompts(List<Prompt> all) {

  private static final int KEY_DIGITS = 16;

  /// A prompt.
  ///
  /// @param key names it in a file of completions
  /// @param request what is asked
  /// @param answered the row of a data file that it is with a completion
  record Prompt(String key, ChatRequest request, Function<String, ObjectNode> answered) {

    /// The row with `completion`, which the model has ended or not.
    ObjectNode row(String completion, boolean ended) {
      return answered.apply(completion).put("ended", ended);
    }
  }

  RemotePrompts {
    all = List.copyOf(all);
  }

  /// Reads the data of `recipe`.
  ///
  /// @throws RunException if the recipe has no prompts for a language model
  /// @throws PlanException if the recipe says more about how to ask than completions need
  static RemotePrompts read(Recipe recipe, Path folder, WritingSettings settings)
      throws IOException {
    SequenceLabelling.checkPrompts(recipe);
    List<ChatTurn> first = instructions(recipe).map(ChatTurn::system).stream().toList();
    PromptRows rows = new PromptRows(recipe.data());
    SequencedMap<String, Prompt> prompts = new LinkedHashMap<>();
    for (Example example : CheckedData.read(recipe, folder).learnt()) {
      PromptRows.Prompted prompted = rows.of(example);
      List<ChatTurn> turns = new ArrayList<>(first);
      prompted.conversation().messages().forEach(message -> turns.add(turn(message, example)));
      ChatRequest request = request(turns, settings);
      String key =
          CanonicalRequest.key(recipe.mainTeacher().model(), request).substring(0, KEY_DIGITS);
      prompts.putIfAbsent(key, new Prompt(key, request, prompted.row()));
    }
    return new RemotePrompts(List.copyOf(prompts.values()));
  }

  private static ChatRequest request(List<ChatTurn> turns, WritingSettings settings) {
    Decoding decoding =
        new Decoding(settings.maxTokens(), settings.temperature(), settings.topP(), 0, List.of());
    // The likeliest answer is the same whatever is drawn.
    int sample =
        settings.temperature() == 0
            ? 0
            : Math.toIntExact(Math.floorMod(settings.seed(), (long) Integer.MAX_VALUE));
    return ChatRequest.of(turns, decoding).withSample(sample);
  }

  /// What stands above every prompt. Everything else in `ask` is about labels.
  private static Optional<String> instructions(Recipe recipe) {
    LabelSettings ask = recipe.mainTeacher().ask().orElse(LabelSettings.USUAL);
    if (!ask.equals(LabelSettings.USUAL.withInstructions(ask.instructions()))) {
      throw new PlanException(
          List.of(
              "%s.ask: only `instructions` is heard where completions are written; leave the rest out"
                  .formatted(recipe.lineup().path(recipe.lineup().mainName()))));
    }
    return ask.instructions();
  }

  private static ChatTurn turn(Message message, Example example) {
    String text = message.content().orElseThrow();
    return switch (message.role()) {
      case "system", "developer" -> ChatTurn.system(text);
      case PromptRows.USER -> ChatTurn.user(text);
      case PromptRows.ASSISTANT -> ChatTurn.assistant(text);
      default ->
          throw new DataException(
              List.of(
                  PromptRows.error(
                      example.place(),
                      "has a message of '%s'; an API is asked with system, user and assistant"
                          .formatted(message.role()))));
    };
  }
}
