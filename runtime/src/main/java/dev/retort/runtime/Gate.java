package dev.retort.runtime;

import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/// A door to native memory: any number of calls may be inside at once, and closing waits for them.
///
/// Without it, a `close()` in one thread would free the memory another thread is still reading.
final class Gate {
  private final String name;
  private final ReadWriteLock lock = new ReentrantReadWriteLock();
  private boolean closed;

  /// @param name what is behind the gate, for the message after closing
  Gate(String name) {
    this.name = name;
  }

  /// Lets the calling thread in until it closes the pass.
  ///
  /// @throws IllegalStateException if the gate is closed
  Pass enter() {
    lock.readLock().lock();
    if (closed) {
      lock.readLock().unlock();
      throw new IllegalStateException("This " + name + " is closed: open it again to use it.");
    }
    return lock.readLock()::unlock;
  }

  /// Waits for the calls inside, then runs `release`. Closing again does nothing.
  void close(Runnable release) {
    lock.writeLock().lock();
    try {
      if (!closed) {
        closed = true;
        release.run();
      }
    } finally {
      lock.writeLock().unlock();
    }
  }

  /// Permission to be inside, held by the thread that entered.
  interface Pass extends AutoCloseable {
    @Override
    void close();
  }
}
