package dev.retort.label;

import dev.retort.data.Example;
import java.util.List;

/// What came of asking about one text.
public sealed interface LabelledText {

  /// The text.
  Example example();

  /// What `opinions` about `example` come to.
  static LabelledText of(Example example, List<Opinion> opinions) {
    return Votes.of(opinions)
        .<LabelledText>map(votes -> new Known(example, votes, false))
        .orElseGet(() -> new Unknown(example, reasons(opinions)));
  }

  private static List<String> reasons(List<Opinion> opinions) {
    return opinions.stream().map(opinion -> ((Opinion.Unusable) opinion).reason()).toList();
  }

  /// Somebody said what it is.
  ///
  /// @param example the text
  /// @param votes what was said
  /// @param human whether the label was in the data, so that no model was asked
  record Known(Example example, Votes votes, boolean human) implements LabelledText {}

  /// No answer could be used.
  ///
  /// @param example the text
  /// @param reasons why, one for each answer
  record Unknown(Example example, List<String> reasons) implements LabelledText {

    public Unknown {
      reasons = List.copyOf(reasons);
    }
  }
}
