package dev.retort.catalog;

import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Turns the message of a compact constructor into a problem: it starts with the name of a
/// component, as in `temperature must be > 0 but is -1`, or of a part of it, as in `layers[2] must
/// be above layers[1]`.
final class Refusal {

  private static final Pattern SUBJECT =
      Pattern.compile("((\\w+)(?:\\[\\d+]|\\.\\w+)*)(?: |: )(.+)", Pattern.DOTALL);

  private Refusal() {}

  static Problem problem(
      IllegalArgumentException refused, List<Setting> settings, String path, Node.Mapping given) {
    String message = Objects.requireNonNullElse(refused.getMessage(), "is not allowed");
    Matcher matcher = SUBJECT.matcher(message);
    if (!matcher.matches()) {
      return new Problem(path, given.at(), message);
    }
    String name = matcher.group(2);
    if (settings.stream().noneMatch(setting -> setting.name().equals(name) && !setting.inline())) {
      return new Problem(path, given.at(), message);
    }
    Node node = given.entries().getOrDefault(name, given);
    return new Problem(SettingPath.join(path, matcher.group(1)), node.at(), matcher.group(3));
  }
}
