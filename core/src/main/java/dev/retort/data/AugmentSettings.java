package dev.retort.data;

import dev.retort.catalog.Check;
import dev.retort.catalog.Default;
import dev.retort.catalog.Doc;
import java.util.Locale;
import java.util.Optional;

/// The `augment:` of a recipe's data: copies of the training texts in which words are replaced
/// (Jiao et al. 2020, *TinyBERT*, algorithm 1).
///
/// @param by who says which words could stand in the place of another
/// @param copies copies of each text
/// @param probability that a word of a copy is replaced
/// @param candidates how many words could stand in the place of one
/// @param model the model whose words are taken; the teacher, if left out
public record AugmentSettings(
    @Default("embeddings")
        @Doc(
            "Who says which words could stand in the place of another: `embeddings`, those with the"
                + " most similar vectors, or `masked-lm`, a masked language model that reads the"
                + " text around it.")
        By by,
    @Default("20") @Doc("Copies of each training text; those that repeat a text are dropped.")
        int copies,
    @Default("0.4") @Doc("Probability that a word of a copy is replaced.") double probability,
    @Default("15") @Doc("How many words could stand in the place of one.") int candidates,
    @Doc("Address of the model whose words and vectors are used; the teacher's, if left out.")
        Optional<String> model) {

  /// Who says which words could stand in the place of another.
  public enum By {
    /// The table of a model's word embeddings.
    EMBEDDINGS,
    /// A masked language model.
    MASKED_LM;

    /// The name in a recipe, such as `masked-lm`.
    public String recipeName() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  public AugmentSettings {
    Check.atLeast("copies", copies, 1);
    Check.positive("probability", probability);
    Check.within("probability", probability, 0, 1);
    Check.atLeast("candidates", candidates, 1);
    model.ifPresent(address -> Check.notBlank("model", address));
  }
}
