package dev.retort.catalog;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The address of a setting in a recipe, such as `objective[0].temperature`.
record SettingPath(List<Step> steps) {

  private static final Pattern STEP =
      Pattern.compile("\\G(?:\\[(\\d{1,9})]|(?:^|\\.)([^.\\[\\]=]+))");

  SettingPath {
    steps = List.copyOf(steps);
  }

  /// One step from a setting to a setting inside it.
  sealed interface Step {

    /// Into a mapping.
    record Key(String name) implements Step {}

    /// Into a sequence, from 0.
    record Index(int position) implements Step {}
  }

  /// The path written in `text`, or empty when `text` is not a path.
  static Optional<SettingPath> parse(String text) {
    List<Step> steps = new ArrayList<>();
    Matcher matcher = STEP.matcher(text);
    int end = 0;
    while (matcher.find()) {
      end = matcher.end();
      steps.add(
          matcher.group(1) != null
              ? new Step.Index(Integer.parseInt(matcher.group(1)))
              : new Step.Key(matcher.group(2).strip()));
    }
    return end < text.length() || steps.isEmpty()
        ? Optional.empty()
        : Optional.of(new SettingPath(steps));
  }

  /// `path` extended by a key.
  static String join(String path, String key) {
    return path.isEmpty() ? key : path + "." + key;
  }

  /// `path` extended by an index.
  static String join(String path, int index) {
    return path + "[" + index + "]";
  }
}
