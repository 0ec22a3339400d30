package dev.retort.chat.jinja;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// The filters and tests of a template that do not exist. As in jinja2, one inside of a condition
/// fails only when it is reached; any other fails when the template is read.
final class Unknown {
  private final List<TemplateException> possible = new ArrayList<>();
  private final List<TemplateException> certain = new ArrayList<>();

  void add(TemplateException error) {
    possible.add(error);
  }

  /// A place in the template, to say later what was found since.
  int mark() {
    return possible.size();
  }

  /// What was found since then is inside of a condition.
  void forgive(int mark) {
    since(mark).clear();
  }

  /// What was found since then is an error, whatever is around it.
  void keep(int mark) {
    certain.addAll(since(mark));
    since(mark).clear();
  }

  /// @throws TemplateException of the first that is left
  void check() {
    keep(0);
    certain.stream()
        .min(
            Comparator.comparingInt(TemplateException::line)
                .thenComparingInt(TemplateException::column))
        .ifPresent(error -> {
          throw error;
        });
  }

  private List<TemplateException> since(int mark) {
    return possible.subList(mark, possible.size());
  }
}
