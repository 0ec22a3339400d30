package dev.retort.tensor;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.util.Optional;
import org.bytedeco.pytorch.global.torch;

/// The threads of OpenBLAS, which computes libtorch's products in 32 bits and has threads of its
/// own: what libtorch is told about threads does not reach them, and each waiting thread of one
/// takes the processor from the other's.
final class BlasThreads {

  private BlasThreads() {}

  /// Limits every product from now on, on any thread, to `threads` threads, and returns what the
  /// limit was. Where libtorch was built with another library there is nothing to limit.
  static int limit(int threads) {
    torch.get_num_threads(); // loads the library
    int before = call("openblas_get_num_threads", FunctionDescriptor.of(ValueLayout.JAVA_INT));
    call("openblas_set_num_threads", FunctionDescriptor.ofVoid(ValueLayout.JAVA_INT), threads);
    return before;
  }

  @SuppressWarnings("restricted") // two functions that take and return an int
  private static int call(String function, FunctionDescriptor descriptor, Object... arguments) {
    Optional<Object> result =
        SymbolLookup.loaderLookup()
            .find(function)
            .map(address -> Linker.nativeLinker().downcallHandle(address, descriptor))
            .map(handle -> {
              try {
                return handle.invokeWithArguments(arguments);
              } catch (Throwable failed) {
                throw new IllegalStateException(function + " failed", failed);
              }
            });
    return result.map(Integer.class::cast).orElse(1);
  }
}
