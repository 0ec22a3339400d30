package dev.retort.label;

import dev.retort.data.Example;
import java.util.List;

/// What came of asking about one text.
public sealed interface LabelledText {

  /// The text.
  Example example();

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
