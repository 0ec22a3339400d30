package dev.retort.data;

import java.math.BigDecimal;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Where held-out examples come from: files of their own, or a share of the training file.
public sealed interface SplitSource {

  /// Files of their own.
  ///
  /// @param pattern a path or a glob, relative to the recipe's folder
  record Files(String pattern) implements SplitSource {
    public Files {
      if (pattern.isBlank()) {
        throw new IllegalArgumentException(
            "is empty; allowed are a file such as test.csv and a percentage such as 10%");
      }
    }

    @Override
    public String toString() {
      return pattern;
    }
  }

  /// A share of the training file.
  ///
  /// @param percent more than 0 and at most 50
  record Share(BigDecimal percent) implements SplitSource {
    private static final BigDecimal MOST = BigDecimal.valueOf(50);

    public Share {
      if (percent.signum() <= 0 || percent.compareTo(MOST) > 0) {
        throw new IllegalArgumentException(
            "is %s%%; a share of the training file must be above 0%% and at most %s%%"
                .formatted(percent.toPlainString(), MOST));
      }
    }

    /// The share as a fraction of 1.
    public double fraction() {
      return percent.movePointLeft(2).doubleValue();
    }

    @Override
    public String toString() {
      return percent.toPlainString() + "%";
    }
  }

  /// `10%` is a share, everything else a path or glob.
  ///
  /// @throws IllegalArgumentException if the text is empty or the percentage is out of range
  static SplitSource parse(String text) {
    Matcher share = Pattern.compile("(-?\\d+(?:\\.\\d+)?)\\s*%").matcher(text.strip());
    return share.matches() ? new Share(new BigDecimal(share.group(1))) : new Files(text.strip());
  }
}
