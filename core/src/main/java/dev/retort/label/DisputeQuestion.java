package dev.retort.label;

import dev.retort.api.ChatRequest;
import dev.retort.api.ChatTurn;
import dev.retort.data.Example;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;

/// How a judge is asked which of several labels a text has: as anybody is asked for a label, of
/// those alone that others gave it, and with the reasons they had. It does not hear who they are.
///
/// @param labels names of all labels
/// @param settings how the judge is asked
/// @param disputes by [Example#contentKey] of their texts
public record DisputeQuestion(
    List<String> labels, LabelSettings settings, Map<String, Dispute> disputes)
    implements TextQuestion {

  private static final String USUAL =
      "Two careful readers disagree about a text. Decide which of their labels fits it.";

  public DisputeQuestion {
    labels = List.copyOf(labels);
    disputes = Map.copyOf(disputes);
  }

  @Override
  public List<ChatRequest> requests(Example example) {
    Dispute dispute = dispute(example);
    LabelSettings asked =
        settings.withInstructions(settings.instructions().or(() -> Optional.of(USUAL)));
    return new LabelQuestion(names(dispute), asked, List.of())
        .requests(example).stream().map(request -> withReasons(request, dispute)).toList();
  }

  @Override
  public AnswerReader reader(Example example) {
    return new AnswerReader(names(dispute(example)), settings);
  }

  private Dispute dispute(Example example) {
    return Objects.requireNonNull(disputes.get(example.contentKey()));
  }

  private List<String> names(Dispute dispute) {
    return dispute.candidates().stream().map(labels::get).toList();
  }

  private ChatRequest withReasons(ChatRequest request, Dispute dispute) {
    String reasons =
        dispute.candidates().stream()
            .flatMap(label ->
                dispute.reasons(label).stream()
                    .map(why -> "\n\nOne reader says %s: %s".formatted(labels.get(label), why)))
            .collect(Collectors.joining());
    List<ChatTurn> turns = new ArrayList<>(request.turns());
    ChatTurn text = turns.removeLast();
    turns.add(new ChatTurn(text.role(), text.text() + reasons));
    return new ChatRequest(turns, request.decoding(), request.schema(), request.sample());
  }
}
