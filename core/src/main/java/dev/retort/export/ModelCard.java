package dev.retort.export;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.regex.Pattern;
import tools.jackson.databind.json.JsonMapper;

/// The `README.md` of a student: what it is, what it was made from, how good it is, how to use it
/// and where it ends. The front matter is that of Hugging Face [model
/// cards](https://huggingface.co/docs/hub/model-cards).
///
/// @param name what to call the student
/// @param kind what it is and how it is used
/// @param labels what it tells apart, in the order of the logits
/// @param origin the model whose weights it started from
/// @param training how it was taught
/// @param numbers what was measured, in words, such as `accuracy` to `0.931 (0.925 to 0.937)`
public record ModelCard(
    String name,
    CardKind kind,
    List<String> labels,
    Origin origin,
    Training training,
    SequencedMap<String, String> numbers) {

  /// The name of the file in a student's folder.
  public static final String FILE_NAME = "README.md";

  private static final Pattern HUB_NAME = Pattern.compile("[\\w.-]+/[\\w.-]+");

  public ModelCard {
    labels = List.copyOf(labels);
    numbers = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(numbers));
  }

  /// Where the weights come from.
  ///
  /// @param baseModel the model that the student was cut from, or `none` if it started from nothing
  /// @param license the license of that model, which binds the student too
  /// @param language a code such as `en`
  public record Origin(String baseModel, Optional<String> license, Optional<String> language) {}

  /// How the student was taught.
  ///
  /// @param teacher name of the teacher
  /// @param data name of the data
  /// @param dataHash hash of the data's content
  /// @param method the objective and schedule, in words
  public record Training(String teacher, String data, String dataHash, String method) {}

  /// Writes the card into a student's folder, replacing an older one in one step.
  ///
  /// @throws IOException if it cannot be written
  public void write(Path folder) throws IOException {
    Path aside = folder.resolve("." + FILE_NAME + ".part");
    Files.writeString(aside, markdown());
    Files.move(
        aside,
        folder.resolve(FILE_NAME),
        StandardCopyOption.ATOMIC_MOVE,
        StandardCopyOption.REPLACE_EXISTING);
  }

  /// The card as Markdown.
  public String markdown() {
    return String.join(
        "\n", frontMatter(), summary(), making(), measured(), labelList(), usage(), limits());
  }

  private String frontMatter() {
    StringBuilder yaml = new StringBuilder("---\n");
    yaml.append("license: ").append(quoted(origin.license().orElse("unknown"))).append('\n');
    origin
        .language()
        .ifPresent(code -> yaml.append("language: ").append(quoted(code)).append('\n'));
    if (HUB_NAME.matcher(origin.baseModel()).matches()) {
      yaml.append("base_model: ").append(quoted(origin.baseModel())).append('\n');
    }
    return yaml.append(
            """
            library_name: %s
            pipeline_tag: %s
            tags:
            - %s
            - distillation
            - retort
            ---
            """
                .formatted(kind.library(), kind.task(), kind.task()))
        .toString();
  }

  private String summary() {
    return """
    # %s

    A small %s: it was distilled by Retort from %s and %s.
    """
        .formatted(
            line(name),
            kind.noun(),
            code(training.teacher()),
            kind.java().isEmpty()
                ? "is meant to be fine-tuned for a task"
                : "runs on a CPU, without Python,\nin the process that needs it");
  }

  private String making() {
    return """
    ## How it was made

    | | |
    |---|---|
    | Teacher | %s |
    | Base model | %s |
    | License of the base model | %s |
    | Data | %s, content hash %s |
    | Method | %s |
    """
        .formatted(
            cell(training.teacher()),
            cell(origin.baseModel()),
            cell(origin.license().orElse("unknown: find out before you publish the student")),
            cell(training.data()),
            code(training.dataHash()),
            cell(training.method()));
  }

  private String measured() {
    if (numbers.isEmpty()) {
      return "## Numbers\n\nNothing was measured.\n";
    }
    StringBuilder table = new StringBuilder("## Numbers\n\n| Measure | Value |\n|---|---|\n");
    numbers.forEach(
        (measure, value) -> table.append("| %s | %s |\n".formatted(cell(measure), cell(value))));
    return table.toString();
  }

  private String labelList() {
    if (!kind.hasLabels()) {
      return "";
    }
    StringBuilder list = new StringBuilder("## Labels\n\n");
    for (int index = 0; index < labels.size(); index++) {
      list.append(index).append(". ").append(code(labels.get(index))).append('\n');
    }
    return list.toString();
  }

  private String usage() {
    return "## How to use it\n"
        + usageInJava()
        + """

        Python, with this folder, here called `student`:

        ```python
        %s```
        """
            .formatted(kind.python());
  }

  private String usageInJava() {
    if (kind.java().isEmpty()) {
      return "";
    }
    return """

    Java, with `dev.retort:retort-runtime` and %s:

    ```java
    %s```
    """
        .formatted(kind.runtimeFolder(), kind.java());
  }

  private String limits() {
    String always =
        !kind.hasLabels()
            ? ""
            : "- It always answers one of the labels above, also for texts that belong to none of"
                + " them.\n";
    return """
    ## Limits

    %s- The numbers hold for texts like the ones it was tested on. Other topics, languages, lengths
      or times need a test of their own.
    - It has the mistakes and the bias of its teacher, of the model it started from and of the data.
    - Texts beyond its maximum length are cut at the end.
    """
        .formatted(always);
  }

  /// A JSON string is a YAML string too.
  private static String quoted(String text) {
    return JsonMapper.shared().writeValueAsString(text);
  }

  private static String line(String text) {
    return text.replaceAll("\\s+", " ").strip();
  }

  /// Text in a table.
  private static String cell(String text) {
    return line(text).replace("|", "\\|");
  }

  /// Text as it is, whatever characters it has: the fence is longer than any in the text.
  private static String code(String text) {
    int fence = 1;
    while (text.contains("`".repeat(fence))) {
      fence++;
    }
    String marks = "`".repeat(fence);
    String space = fence > 1 ? " " : "";
    return marks + space + line(text) + space + marks;
  }
}
