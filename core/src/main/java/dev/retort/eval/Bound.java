package dev.retort.eval;

/// On which side of its limit a measurement must lie; the limit itself is allowed.
public enum Bound {
  AT_LEAST(">=", "≥"),
  AT_MOST("<=", "≤");

  private final String recipeSymbol;
  private final String symbol;

  Bound(String recipeSymbol, String symbol) {
    this.recipeSymbol = recipeSymbol;
    this.symbol = symbol;
  }

  /// The symbol in a recipe, `>=` or `<=`.
  public String recipeSymbol() {
    return recipeSymbol;
  }

  /// The symbol for people, `≥` or `≤`.
  public String symbol() {
    return symbol;
  }

  /// Whether `value` keeps within `limit`.
  public boolean allows(double value, double limit) {
    return switch (this) {
      case AT_LEAST -> value >= limit;
      case AT_MOST -> value <= limit;
    };
  }
}
