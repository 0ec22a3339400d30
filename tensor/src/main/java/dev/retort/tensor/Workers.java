package dev.retort.tensor;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.bytedeco.pytorch.global.torch;

/// A few threads that each run native operators on a share of the processor.
///
/// Two halves of a batch side by side, an operator on one core each, beat one batch whose operators
/// use two cores: small operators spend more time waiting for each other's halves than computing.
/// Where another process takes a core, the first merely slows down, the second crawls.
public final class Workers implements AutoCloseable {

  private final ExecutorService pool;
  private final int blasThreads;

  private Workers(ExecutorService pool, int blasThreads) {
    this.pool = pool;
    this.blasThreads = blasThreads;
  }

  /// As many workers as there are cores, for jobs of which there are many.
  public static Workers oneForEachCore() {
    return share(Runtime.getRuntime().availableProcessors());
  }

  /// `count` workers that share the cores evenly.
  public static Workers share(int count) {
    int threads = Math.max(1, Runtime.getRuntime().availableProcessors() / count);
    int before = BlasThreads.limit(threads);
    return new Workers(
        Executors.newFixedThreadPool(
            count,
            work ->
                Thread.ofPlatform()
                    .name("retort-worker")
                    .daemon()
                    .unstarted(() -> {
                      torch.set_num_threads(threads);
                      work.run();
                    })),
        before);
  }

  /// `work` of all `items`, in their order, when all are done. The work opens its own [Scope].
  ///
  /// @throws RuntimeException what the first item's work that failed threw
  public <T, R> List<R> map(List<T> items, Function<T, R> work) {
    List<CompletableFuture<R>> futures =
        items.stream()
            .map(item -> CompletableFuture.supplyAsync(() -> work.apply(item), pool))
            .toList();
    try {
      CompletableFuture.allOf(futures.toArray(CompletableFuture[]::new)).join();
    } catch (CompletionException failed) {
      throw unwrapped(failed);
    }
    return futures.stream().map(CompletableFuture::join).toList();
  }

  /// `work` for all `items`; returns when all is done. The work opens its own [Scope].
  ///
  /// @throws RuntimeException as [#map]
  public <T> void forEach(List<T> items, Consumer<T> work) {
    map(
        items,
        item -> {
          work.accept(item);
          return true;
        });
  }

  /// `work` on one worker: where operators are small, one thread is done before two have met.
  public <R> R call(Supplier<R> work) {
    return map(List.of(work), Supplier::get).getFirst();
  }

  private static RuntimeException unwrapped(CompletionException failed) {
    return switch (failed.getCause()) {
      case RuntimeException cause -> cause;
      case Error cause -> throw cause;
      case null, default -> failed;
    };
  }

  /// Ends the threads.
  @Override
  public void close() {
    pool.close();
    BlasThreads.limit(blasThreads);
  }
}
