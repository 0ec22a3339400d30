package dev.retort.catalog;

/// One thing that is wrong with a recipe.
///
/// @param path where, as in `objective[0].temperature`; empty for the whole recipe
/// @param location the line of the file or the option that says so
/// @param message what is wrong and what is allowed; further lines hold additional help
public record Problem(String path, Location location, String message) {

  /// The problem as it is shown: `train.epochs (line 12): must be > 0 but is -1`.
  @Override
  public String toString() {
    if (path.isEmpty()) {
      return switch (location) {
        case Location.Mark(int line, int column) ->
            "line %d, column %d: %s".formatted(line, column, message);
        case Location.Option(String text) -> text + ": " + message;
        case Location.Nowhere() -> message;
      };
    }
    String place = location.toString();
    return path + (place.isEmpty() ? "" : " (" + place + ")") + ": " + message;
  }
}
