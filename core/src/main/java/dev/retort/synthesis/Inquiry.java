package dev.retort.synthesis;

import dev.retort.api.ChatRequest;
import dev.retort.data.DataRow;
import dev.retort.quality.Dropped;
import dev.retort.quality.Sifted;
import java.util.List;
import java.util.function.Function;

/// What is to be found out for one row: requests, and what follows from their answers, which may be
/// further requests.
///
/// An inquiry is a value that asks nobody itself: whoever has the answers, a model or a ledger, can
/// carry it on.
public sealed interface Inquiry {

  /// Some answers are needed first.
  ///
  /// @param requests at least one, none of which needs the answer to another
  /// @param then what follows from their usable texts, in the order of the requests
  record Ask(List<ChatRequest> requests, Function<List<Reading<String>>, Inquiry> then)
      implements Inquiry {

    public Ask {
      requests = List.copyOf(requests);
    }
  }

  /// Everything is known.
  ///
  /// @param sifted what came of it
  record Done(Sifted sifted) implements Inquiry {}

  /// One request, and what follows from its answer; without a usable one the row is dropped.
  static Inquiry ask(ChatRequest request, DataRow row, Function<String, Inquiry> then) {
    return new Ask(
        List.of(request),
        answers ->
            switch (answers.getFirst()) {
              case Reading.Clear<String>(String text) -> then.apply(text);
              case Reading.Unclear<String>(String reason) -> drop(row, reason);
            });
  }

  /// The end of an inquiry that made `rows`.
  static Inquiry keep(List<DataRow> rows) {
    return new Done(new Sifted(rows, List.of()));
  }

  /// The end of an inquiry that made `row`.
  static Inquiry keep(DataRow row) {
    return keep(List.of(row));
  }

  /// The end of an inquiry whose row has to go.
  static Inquiry drop(DataRow row, String reason) {
    return new Done(new Sifted(List.of(), List.of(new Dropped(row, reason))));
  }
}
