package dev.retort.recipe;

import dev.retort.api.ApiAddress;
import dev.retort.catalog.Check;
import dev.retort.catalog.Default;
import dev.retort.catalog.Doc;
import dev.retort.catalog.Inline;
import dev.retort.label.LabelSettings;
import dev.retort.model.Precision;
import dev.retort.remote.RemoteModel;
import dev.retort.remote.RemoteSettings;
import java.util.List;
import java.util.Optional;

/// The `teacher:` section of a recipe, or one of its `teachers:`.
///
/// @param model address of the model
/// @param fineTune how a teacher without a head for the task is trained on the labels first
/// @param maxLength tokens of a text that the teacher reads at most
/// @param name what to call it; `teacher`, or `teacher-1` and so on, if left out
/// @param weight how much it counts among several
/// @param seed of its fine-tuning; that of the run if left out
/// @param signals how what it says about tokens reaches the student
/// @param ask how one behind an API is asked for labels
/// @param remote how one behind an API is reached and paid, and what it is never told
public record TeacherSettings(
    @Doc(
            "Address of the model: `maven:group:artifact:version`, `hf:owner/name@revision`, or a"
                + " folder in Hugging Face layout. Behind an API: `openai:URL#model`,"
                + " `azure:URL#deployment`, `anthropic:URL#model` or `bedrock:region#model`.")
        String model,
    @Doc(
            "How a teacher without a head for the task is trained on the labels first; needed only"
                + " for such a teacher.")
        Optional<FineTune> fineTune,
    @Default("128") @Doc("Tokens of a text that teacher and student read at most.") int maxLength,
    @Doc("What to call it; `teacher`, or `teacher-1` and so on among several, if left out.")
        Optional<String> name,
    @Default("1.0") @Doc("How much it counts among several teachers, above 0.") double weight,
    @Doc(
            "Seed of its fine-tuning, so that one model becomes several teachers; `train.seed` if"
                + " left out.")
        Optional<Long> seed,
    @Default("online")
        @Doc("How what a language model says about tokens reaches its student; task generation.")
        TokenSignals signals,
    @Doc("How a model behind an API is asked for labels.") Optional<LabelSettings> ask,
    @Inline RemoteSettings remote) {

  private static final String ONLY_REMOTE =
      "is for a model behind an API, whose address begins as `openai:URL#model` does";

  public TeacherSettings {
    Check.notBlank("model", model);
    Check.atLeast("maxLength", maxLength, 4);
    Check.positive("weight", weight);
    if (ApiAddress.recognises(model)) {
      ApiAddress.parse(model);
      Check.that(
          fineTune.isEmpty(), "fineTune", "trains weights, and those of an API are not here");
    } else {
      Check.that(remote.api().isEmpty(), "api", ONLY_REMOTE);
      Check.that(remote.price().isEmpty(), "price", ONLY_REMOTE);
      Check.that(ask.isEmpty(), "ask", ONLY_REMOTE);
      Check.that(remote.licence().isEmpty(), "licence", ONLY_REMOTE);
      Check.that(remote.batch().isEmpty(), "batch", ONLY_REMOTE);
      Check.that(remote.redact().isEmpty(), "redact", ONLY_REMOTE);
    }
  }

  /// A local model that is taken as it is.
  static TeacherSettings plain(String name, String model, int maxLength) {
    return new TeacherSettings(
        model,
        Optional.empty(),
        maxLength,
        Optional.of(name),
        1,
        Optional.empty(),
        new TokenSignals.Online(),
        Optional.empty(),
        RemoteSettings.NONE);
  }

  /// Whether the model is behind an API.
  public boolean isRemote() {
    return ApiAddress.recognises(model);
  }

  /// The model behind an API that it is.
  public RemoteModel remoteModel() {
    return new RemoteModel(ApiAddress.parse(model), remote);
  }

  /// All that makes it another teacher than the next one.
  List<Object> identity() {
    return List.of(model, fineTune, maxLength, seed, ask);
  }

  /// Training of a teacher on the labels before it teaches.
  ///
  /// @param epochs passes over the training data
  /// @param learningRate peak learning rate
  /// @param headRate the new head's learning rate over that of the encoder
  /// @param batchTokens padded tokens of one batch at most
  /// @param labelSmoothing share of the target spread over all labels
  /// @param precision number format of matrix products
  /// @param earlyStop when to end before the last epoch
  /// @param keep which epoch's weights are the teacher's
  /// @param consistency weight of agreeing with itself under another dropout
  /// @param bornAgain further generations of the teacher
  public record FineTune(
      @Default("6") @Doc("Passes over the training data.") int epochs,
      @Default("1e-4") @Doc("Peak learning rate of AdamW.") double learningRate,
      @Default("1.0")
          @Doc(
              "How many times the learning rate the new head learns at; a head that learns faster"
                  + " lets the encoder stay nearer to what pre-training made it.")
          double headRate,
      @Default("1024") @Doc("Padded tokens of one batch at most.") int batchTokens,
      @Default("0.0") @Doc("Share of the target spread evenly over all labels.")
          double labelSmoothing,
      @Default("bf16") @Doc("Number format of matrix products.") Precision precision,
      @Doc("When to end before the last epoch.") Optional<EarlyStop> earlyStop,
      @Default("last")
          @Doc(
              "Whether the weights after the `best` epoch on the validation data are kept, or the `last`.")
          Keep keep,
      @Default("0.0")
          @Doc(
              "Weight of agreeing with itself under another dropout (R-Drop, Liang et al. 2021),"
                  + " which takes twice the time; 0 is none.")
          double consistency,
      @Doc(
              "Further generations of the teacher, each trained from the pre-trained weights on what"
                  + " the one before it says and on the labels; the last one teaches.")
          Optional<BornAgain> bornAgain) {

    public FineTune {
      Check.atLeast("epochs", epochs, 1);
      Check.positive("learningRate", learningRate);
      Check.positive("headRate", headRate);
      Check.atLeast("batchTokens", batchTokens, 1);
      Check.within("labelSmoothing", labelSmoothing, 0, 0.999);
      Check.atLeast("consistency", consistency, 0);
    }

    /// The same without further generations.
    public FineTune onLabels() {
      return new FineTune(
          epochs,
          learningRate,
          headRate,
          batchTokens,
          labelSmoothing,
          precision,
          earlyStop,
          keep,
          consistency,
          Optional.empty());
    }
  }
}
