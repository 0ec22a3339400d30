package dev.retort.synthesis;

import dev.retort.api.Asked;
import dev.retort.api.Asking;
import dev.retort.api.ChatAnswer;
import dev.retort.api.ChatModel;
import dev.retort.api.ChatRequest;
import dev.retort.api.RetryableApiException;
import dev.retort.data.DataRow;
import dev.retort.quality.Dropped;
import dev.retort.quality.Sifted;
import java.util.ArrayList;
import java.util.List;
import java.util.SequencedMap;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// Carries inquiries on by asking a model: all requests that need no other answer first, then those
/// that follow from the answers, until everything is known.
///
/// @param model who is asked
/// @param concurrency requests under way at once at most
/// @param stop looked at before each request; no more are sent once it is true
/// @param ahead is given the requests of each wave before the model is asked one by one; it may see
///   to it that the model knows the answers then
public record Interview(
    ChatModel model,
    int concurrency,
    BooleanSupplier stop,
    Consumer<? super Stream<ChatRequest>> ahead) {

  /// Asks one by one alone.
  public Interview(ChatModel model, int concurrency, BooleanSupplier stop) {
    this(model, concurrency, stop, _ -> {});
  }

  /// Hears how it goes.
  public interface Listener {

    /// A wave of requests begins, none of which needs the answer to another.
    ///
    /// @param wave from 1
    /// @param requests how many there are
    void began(int wave, int requests);

    /// `done` requests of the wave have been answered.
    void advanced(int done);
  }

  /// What was found out.
  ///
  /// @param sifted what came of the inquiries that have ended, in their order
  /// @param complete whether all have
  /// @param unanswered the failures of requests that may succeed later
  public record Outcome(Sifted sifted, boolean complete, List<RetryableApiException> unanswered) {

    public Outcome {
      unanswered = List.copyOf(unanswered);
    }
  }

  /// One request of an inquiry.
  private record Question(int inquiry, int number, ChatRequest request) {}

  /// Carries `inquiries` on to their ends.
  ///
  /// @throws dev.retort.api.PermanentApiException if the API will answer nothing at all
  /// @throws InterruptedException if the calling thread is interrupted
  public Outcome conduct(List<Inquiry> inquiries, Listener listener) throws InterruptedException {
    List<Inquiry> current = new ArrayList<>(inquiries);
    List<RetryableApiException> unanswered = new ArrayList<>();
    for (int number = 1;
        isOpen(current) && unanswered.isEmpty() && !stop.getAsBoolean();
        number++) {
      Wave wave = new Wave(current, listener);
      ahead.accept(wave.questions.stream().map(Question::request));
      listener.began(number, wave.questions.size());
      new Asking(model, concurrency, stop)
          .inOrder(wave.questions.iterator(), Question::request, wave::hear);
      unanswered.addAll(wave.unanswered);
      current = wave.next();
    }
    return new Outcome(ends(current), !isOpen(current), unanswered);
  }

  private static boolean isOpen(List<Inquiry> inquiries) {
    return inquiries.stream().anyMatch(Inquiry.Ask.class::isInstance);
  }

  /// What came of those of `inquiries` that have ended.
  static Sifted ends(List<Inquiry> inquiries) {
    List<DataRow> kept = new ArrayList<>();
    List<Dropped> dropped = new ArrayList<>();
    for (Inquiry inquiry : inquiries) {
      if (inquiry instanceof Inquiry.Done(Sifted sifted)) {
        kept.addAll(sifted.kept());
        dropped.addAll(sifted.dropped());
      }
    }
    return new Sifted(kept, dropped);
  }

  /// The usable text of an answer: one that the model has given, and brought to its end.
  static Reading<String> text(ChatAnswer answer) {
    return switch (answer.finish()) {
      case REFUSED, FILTERED -> Reading.unclear("the model declined", answer.text());
      case LENGTH ->
          Reading.unclear(
              "cut after %d tokens".formatted(answer.usage().outputTokens()), answer.text());
      case STOP, OTHER ->
          answer.text().isBlank()
              ? new Reading.Unclear<>("the answer is empty")
              : new Reading.Clear<>(answer.text().strip());
    };
  }

  /// The requests that can be sent now, and what is heard of them.
  private static final class Wave {
    private final List<Inquiry> inquiries;
    private final List<SequencedMap<Integer, Reading<String>>> readings = new ArrayList<>();
    private final List<Question> questions = new ArrayList<>();
    private final List<RetryableApiException> unanswered = new ArrayList<>();
    private final Listener listener;
    private int heard;

    Wave(List<Inquiry> inquiries, Listener listener) {
      this.inquiries = inquiries;
      this.listener = listener;
      for (int i = 0; i < inquiries.size(); i++) {
        readings.add(new TreeMap<>());
        List<ChatRequest> requests = requests(inquiries.get(i));
        for (int number = 0; number < requests.size(); number++) {
          questions.add(new Question(i, number, requests.get(number)));
        }
      }
    }

    /// A request that is refused for what it says will be refused again: that is an answer.
    void hear(Asked<Question> asked) {
      Question question = asked.subject();
      switch (asked) {
        case Asked.Answered<Question>(_, ChatAnswer answer) -> read(question, text(answer));
        case Asked.Failed<Question>(_, RetryableApiException failure) -> unanswered.add(failure);
        case Asked.Failed<Question>(_, var failure) ->
            read(question, new Reading.Unclear<>(String.valueOf(failure.getMessage())));
      }
      heard++;
      listener.advanced(heard);
    }

    private void read(Question question, Reading<String> reading) {
      readings.get(question.inquiry()).put(question.number(), reading);
    }

    /// The inquiries as they go on from here; those that still lack an answer stay as they are.
    List<Inquiry> next() {
      return IntStream.range(0, inquiries.size())
          .mapToObj(i -> carryOn(inquiries.get(i), List.copyOf(readings.get(i).values())))
          .toList();
    }
  }

  /// The requests that can be sent now.
  static List<ChatRequest> requests(Inquiry inquiry) {
    return inquiry instanceof Inquiry.Ask(var requests, _) ? requests : List.of();
  }

  private static Inquiry carryOn(Inquiry inquiry, List<Reading<String>> readings) {
    return inquiry instanceof Inquiry.Ask(var requests, var then)
            && requests.size() == readings.size()
        ? then.apply(readings)
        : inquiry;
  }
}
