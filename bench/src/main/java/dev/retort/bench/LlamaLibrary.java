package dev.retort.bench;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// llama.cpp's shared library, called through the foreign-function API. It stays loaded until the
/// process ends.
///
/// It is the one in the folder `bins/linux-x64` of the npm package `@node-llama-cpp/linux-x64`
/// 3.22.1, which is llama.cpp v0.5.0.
@SuppressWarnings("restricted") // calling foreign code is what it is for
final class LlamaLibrary {

  private static final Linker LINKER = Linker.nativeLinker();
  private static final int ERROR = 4;

  /// Room for a struct of parameters, which have less than 200 bytes. A caller that reserves more
  /// room for such a struct than it has is safe where large structs go through memory, as they do
  /// on Linux x86-64; so their layouts, which change from version to version, are not needed.
  static final MemoryLayout PARAMETERS =
      MemoryLayout.structLayout(MemoryLayout.sequenceLayout(64, ValueLayout.JAVA_LONG));

  private final SymbolLookup symbols;
  private final List<String> errors = new ArrayList<>();

  private LlamaLibrary(SymbolLookup symbols) {
    this.symbols = symbols;
  }

  /// Loads the library, with the backends for this processor.
  ///
  /// @throws IOException if the folder has no such library
  static LlamaLibrary open(Path folder) throws IOException {
    SymbolLookup symbols = _ -> Optional.empty();
    // In the order in which they need each other; their names have the version in them.
    for (String prefix : List.of("libggml-base.", "libggml.", "libllama.")) {
      symbols = SymbolLookup.libraryLookup(find(folder, prefix), Arena.global()).or(symbols);
    }
    LlamaLibrary library = new LlamaLibrary(symbols);
    FunctionDescriptor callback = FunctionDescriptor.ofVoid(JAVA_INT, ADDRESS, ADDRESS);
    library.call(
        "llama_log_set",
        FunctionDescriptor.ofVoid(ADDRESS, ADDRESS),
        LINKER.upcallStub(library.logger(), callback, Arena.global()),
        MemorySegment.NULL);
    library.call(
        "ggml_backend_load_all_from_path",
        FunctionDescriptor.ofVoid(ADDRESS),
        Arena.global().allocateFrom(folder.toString()));
    library.call("llama_backend_init", FunctionDescriptor.ofVoid());
    return library;
  }

  private static Path find(Path folder, String prefix) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .filter(file -> String.valueOf(file.getFileName()).startsWith(prefix))
          .min(Path::compareTo)
          .orElseThrow(() ->
              new IOException(
                  "%s: there is no %s*; give the folder bins/linux-x64 of @node-llama-cpp/linux-x64"
                      .formatted(folder, prefix)));
    }
  }

  /// What the library has reported as errors.
  List<String> errors() {
    return List.copyOf(errors);
  }

  /// Calls a function.
  Object call(String name, FunctionDescriptor type, Object... arguments) {
    MemorySegment function =
        symbols
            .find(name)
            .orElseThrow(() ->
                new IllegalStateException(
                    "the library has no function %s; use @node-llama-cpp/linux-x64 3.22.1"
                        .formatted(name)));
    try {
      return LINKER.downcallHandle(function, type).invokeWithArguments(arguments);
    } catch (Throwable e) {
      throw new IllegalStateException("the call of " + name + " failed", e);
    }
  }

  /// Calls a function of one pointer that returns one.
  MemorySegment pointer(String function, MemorySegment argument) {
    return (MemorySegment) call(function, FunctionDescriptor.of(ADDRESS, ADDRESS), argument);
  }

  /// Calls a function that returns a struct of parameters.
  MemorySegment parameters(String function, Arena arena) {
    return (MemorySegment)
        call(function, FunctionDescriptor.of(PARAMETERS), (SegmentAllocator) arena);
  }

  /// The callback, which is also given a pointer that it does not need.
  private MethodHandle logger() {
    MethodType type = MethodType.methodType(void.class, int.class, MemorySegment.class);
    try {
      MethodHandle log = MethodHandles.lookup().bind(this, "log", type);
      return MethodHandles.dropArguments(log, type.parameterCount(), MemorySegment.class);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("this class has the method log", e);
    }
  }

  /// Keeps what is an error, and drops the rest. Called by the library.
  @SuppressWarnings("UnusedMethod") // found by its name
  private void log(int level, MemorySegment text) {
    if (level == ERROR) {
      errors.add(text.reinterpret(Long.MAX_VALUE).getString(0).strip());
    }
  }
}
