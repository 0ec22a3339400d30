package dev.retort.data;

import dev.retort.catalog.Default;
import dev.retort.catalog.Doc;
import java.util.Optional;
import java.util.regex.Pattern;

/// The `data:` section of a recipe: which files, and which of their columns.
///
/// CSV, TSV, JSONL, Parquet and plain text files are told apart by the endings of their names.
/// Columns of a file without a header line are called `column0`, `column1`, ….
///
/// @param train the training data: a path or a glob, relative to the recipe's folder
/// @param validation data to choose epochs and settings by: files, or a share such as `10%` of the
///   training data
/// @param test data for the verdict: files, or a share of the training data
/// @param text the column with the text
/// @param pair the column with the second text, for tasks on text pairs
/// @param label the column with the class; without it all examples are unlabelled
/// @param quotes whether `"` encloses fields; by default it does in CSV and does not in TSV
/// @param leakage what happens to examples that are in training and in held-out data
/// @param unlabelled further texts for the student alone, which the teacher answers about
/// @param augment further texts made of the training texts, for the student alone
/// @param rows what a row of a file is
/// @param stepByStep the reasons that are learnt beside answers, if they are
/// @param corrections labels by people, which count before those of the data and of teachers
public record DataSettings(
    @Doc("Training data: a path or glob of CSV, TSV, JSONL or Parquet, relative to the recipe.")
        String train,
    @Default("10%")
        @Doc("Data to choose epochs by: files, or a share such as `10%` of the training data.")
        Optional<SplitSource> validation,
    @Default("10%") @Doc("Data for the verdict: files, or a share of the training data.")
        Optional<SplitSource> test,
    @Default("text") @Doc("Column with the text.") String text,
    @Doc(
            "Column with the second text, for tasks on pairs; for task generation, the completion of the"
                + " text.")
        Optional<String> pair,
    @Default("label") @Doc("Column with the class.") Optional<String> label,
    @Doc("Whether `\"` encloses fields; by default it does in CSV and does not in TSV.")
        Optional<Quotes> quotes,
    @Default("drop") @Doc("What happens to examples that are in training and in held-out data.")
        Leakage leakage,
    @Doc(
            "Further texts for the student alone, which the teacher answers about: a path or glob of"
                + " the same kinds of file, or of .txt with a text a line. Labels are not read.")
        Optional<String> unlabelled,
    @Doc(
            "Further texts for the student alone: copies of the training texts with other words,"
                + " which the teacher answers about. None, if left out.")
        Optional<AugmentSettings> augment,
    @Default("columns")
        @Doc(
            "What a row is: `columns`, or for task generation `conversations` as OpenAI, ShareGPT and"
                + " Alpaca write them, or `preferences`, in JSONL or Parquet files.")
        RowShape rows,
    @Doc(
            "Task generation: every training text is learnt twice, with its answer in `pair` and with"
                + " the reasons for it in another column; answers alone are learnt if left out.")
        Optional<StepByStep> stepByStep,
    @Doc(
            "Labels by people, which count before those of the data and of teachers behind APIs: a"
                + " file with the columns of text and label, and `by`, who said so.")
        Optional<String> corrections) {

  private static final double WHOLE = 1 - 1e-9;
  private static final Pattern PERCENTAGE = Pattern.compile("\\s*-?[\\d.]+\\s*%\\s*");

  public DataSettings {
    require(!train.isBlank(), "train: is empty; name a file or a glob such as train/*.csv");
    require(
        !PERCENTAGE.matcher(train).matches(),
        "train: is " + train + "; a share works for validation and test, train needs a file");
    require(!text.isBlank(), "text: is empty; name the column with the text");
    String textColumn = text;
    pair.ifPresent(name -> {
      require(!name.isBlank(), "pair: is empty; name a column or leave the setting out");
      require(!name.equals(textColumn), "pair: is '" + name + "', the same column as text");
    });
    label.ifPresent(name -> {
      require(!name.isBlank(), "label: is empty; name a column or leave the setting out");
      require(!name.equals(textColumn), "label: is '" + name + "', the same column as text");
      require(!pair.equals(Optional.of(name)), "label: is '" + name + "', the same column as pair");
    });
    stepByStep.ifPresent(steps ->
        require(
            rows == RowShape.COLUMNS && pair.isPresent() && !steps.rationale().equals(textColumn),
            "stepByStep: needs rows of columns, with the answer in `pair` and the reasons in a third"
                + " column"));
    unlabelled.ifPresent(files ->
        require(!files.isBlank(), "unlabelled: is empty; name a file or leave the setting out"));
    require(
        share(validation) + share(test) < WHOLE,
        "validation: together with test it takes all training data; lower one of the shares");
  }

  /// Data without texts for the student alone.
  public DataSettings(
      String train,
      Optional<SplitSource> validation,
      Optional<SplitSource> test,
      String text,
      Optional<String> pair,
      Optional<String> label,
      Optional<Quotes> quotes,
      Leakage leakage) {
    this(
        train,
        validation,
        test,
        text,
        pair,
        label,
        quotes,
        leakage,
        Optional.empty(),
        Optional.empty(),
        RowShape.COLUMNS,
        Optional.empty(),
        Optional.empty());
  }

  /// The same files without a column of labels.
  public DataSettings withoutLabel() {
    return with(validation, test, Optional.empty());
  }

  /// The training files alone, nothing of them held out.
  public DataSettings withoutHeldOut() {
    return with(Optional.empty(), Optional.empty(), label);
  }

  private DataSettings with(
      Optional<SplitSource> validated, Optional<SplitSource> tested, Optional<String> labelled) {
    return new DataSettings(
        train,
        validated,
        tested,
        text,
        pair,
        labelled,
        quotes,
        leakage,
        unlabelled,
        augment,
        rows,
        stepByStep,
        corrections);
  }

  /// Whether the data say what a language model is to answer: rows are prompts with completions, or
  /// conversations.
  public boolean hasAnswers() {
    return rows != RowShape.COLUMNS || pair.isPresent();
  }

  /// The fraction of the training data that a split takes, 0 if it has files of its own.
  static double share(Optional<SplitSource> source) {
    return source.orElse(null) instanceof SplitSource.Share share ? share.fraction() : 0;
  }

  private static void require(boolean condition, String message) {
    if (!condition) {
      throw new IllegalArgumentException(message);
    }
  }
}
