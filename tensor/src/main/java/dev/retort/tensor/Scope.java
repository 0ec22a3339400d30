package dev.retort.tensor;

import java.util.function.Supplier;
import org.bytedeco.javacpp.PointerScope;

/// A stretch of code after which the native memory of every tensor made in it is given back.
///
/// ```java
/// try (Scope _ = Scope.open()) {
///   Tensor loss = …;
///   return loss.item();
/// }
/// ```
///
/// Scopes nest and belong to the thread that opened them. A tensor that must outlive its scope is
/// kept with [Tensor#keep]; one made outside any scope lives until [Tensor#close].
public final class Scope implements AutoCloseable {

  private final PointerScope pointers;

  private Scope(PointerScope pointers) {
    this.pointers = pointers;
  }

  /// Opens a scope inside the current one of this thread, if there is one.
  public static Scope open() {
    return new Scope(new PointerScope());
  }

  /// What `computation` yields, which lives in the current scope, after everything else that was
  /// made for it has been given back. What a backward pass needs is kept until there has been one.
  public static Tensor within(Supplier<Tensor> computation) {
    Tensor kept;
    try (Scope _ = open()) {
      kept = computation.get().keep();
    }
    try (kept) {
      return kept.shared();
    }
  }

  /// Frees what was made since this scope was opened and was not kept.
  @Override
  public void close() {
    pointers.close();
  }
}
