package dev.retort.label;

import dev.retort.api.ApiException;
import dev.retort.api.Asked;
import dev.retort.api.Asking;
import dev.retort.api.ChatModel;
import dev.retort.api.ChatRequest;
import dev.retort.api.RetryableApiException;
import dev.retort.data.Example;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/// Asks a chat model for the labels of many texts, all votes of a text one after the other.
///
/// @param model who is asked
/// @param question how
/// @param concurrency requests under way at once at most
/// @param stop looked at before each request; no more are sent once it is true
public record Labeller(
    ChatModel model, TextQuestion question, int concurrency, BooleanSupplier stop) {

  /// What was done.
  ///
  /// @param labelled what came of each text that was asked about, in their order; fewer than were
  ///   given after a stop
  /// @param unanswered the failures of requests that may succeed later
  public record Outcome(List<LabelledText> labelled, List<RetryableApiException> unanswered) {

    public Outcome {
      labelled = List.copyOf(labelled);
      unanswered = List.copyOf(unanswered);
    }
  }

  /// One request about a text.
  private record Ballot(Example example, ChatRequest request, boolean last) {}

  /// Asks about `texts`; `done` hears how many are through.
  ///
  /// @throws dev.retort.api.PermanentApiException if the API will answer nothing at all
  /// @throws InterruptedException if the calling thread is interrupted
  public Outcome label(List<Example> texts, Consumer<Integer> done) throws InterruptedException {
    Count count = new Count(question, done);
    Iterator<Ballot> ballots = texts.stream().flatMap(text -> ballots(text).stream()).iterator();
    new Asking(model, concurrency, stop).inOrder(ballots, Ballot::request, count::hear);
    return new Outcome(count.labelled, count.unanswered);
  }

  private List<Ballot> ballots(Example example) {
    List<ChatRequest> requests = question.requests(example);
    int last = requests.size() - 1;
    return IntStream.rangeClosed(0, last)
        .mapToObj(vote -> new Ballot(example, requests.get(vote), vote == last))
        .toList();
  }

  /// Gathers votes until those about a text are complete.
  private static final class Count {
    private final TextQuestion question;
    private final Consumer<Integer> done;
    private final List<LabelledText> labelled = new ArrayList<>();
    private final List<RetryableApiException> unanswered = new ArrayList<>();
    private final List<Opinion> opinions = new ArrayList<>();
    private boolean complete = true;

    Count(TextQuestion question, Consumer<Integer> done) {
      this.question = question;
      this.done = done;
    }

    void hear(Asked<Ballot> asked) {
      switch (asked) {
        case Asked.Answered<Ballot>(var ballot, var answer) ->
            opinions.add(question.reader(ballot.example()).read(answer));
        case Asked.Failed<Ballot>(_, var failure) -> fail(failure);
      }
      if (asked.subject().last()) {
        end(asked.subject().example());
      }
    }

    /// A request that is refused for what it says will be refused again: that is an answer.
    private void fail(ApiException failure) {
      if (failure instanceof RetryableApiException passing) {
        complete = false;
        unanswered.add(passing);
      } else {
        opinions.add(new Opinion.Unusable(String.valueOf(failure.getMessage())));
      }
    }

    private void end(Example example) {
      if (complete) {
        labelled.add(LabelledText.of(example, opinions));
        done.accept(labelled.size());
      }
      opinions.clear();
      complete = true;
    }
  }
}
