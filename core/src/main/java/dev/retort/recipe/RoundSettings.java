package dev.retort.recipe;

import dev.retort.catalog.Check;
import dev.retort.catalog.Default;
import dev.retort.catalog.Doc;
import dev.retort.label.Selection;

/// The `rounds:` section of a recipe: a teacher behind an API is asked about some texts, the
/// student trained, and the teacher then asked about those from which this student would learn
/// most.
///
/// @param first texts that are asked about before the first training
/// @param each texts more in every further round
/// @param most trainings at most, the last one included
/// @param select which texts those are
/// @param gain accuracy on the validation data that a round must add for another one to follow
public record RoundSettings(
    @Default("200") @Doc("Texts that are asked about before the first training; drawn at random.")
        int first,
    @Default("200") @Doc("Texts more in every further round.") int each,
    @Default("5") @Doc("Trainings at most, the last one included.") int most,
    @Default("margin")
        @Doc(
            "Which texts are drawn rather than others: those between two labels (`margin`), those"
                + " about which the student knows little (`entropy`), those like what it gets wrong"
                + " (`errors`), or any (`random`).")
        Selection select,
    @Default("0.0")
        @Doc(
            "Accuracy on the validation data that a round must add over the best one before it for"
                + " another one to follow; below 0 all rounds are run.")
        double gain) {

  public RoundSettings {
    Check.atLeast("first", first, 1);
    Check.atLeast("each", each, 1);
    Check.atLeast("most", most, 1);
    Check.within("gain", gain, -1, 1);
  }
}
