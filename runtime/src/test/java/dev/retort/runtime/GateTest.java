package dev.retort.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class GateTest {
  private final Gate gate = new Gate("student");
  private final AtomicInteger released = new AtomicInteger();

  @Test
  void closingTwiceReleasesOnce() {
    gate.close(released::incrementAndGet);
    gate.close(released::incrementAndGet);

    assertThat(released).hasValue(1);
  }

  @Test
  void nobodyEntersAClosedGate() {
    gate.close(released::incrementAndGet);

    assertThatThrownBy(gate::enter)
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("This student is closed: open it again to use it.");
  }

  @Test
  void manyMayBeInsideAtOnce() throws InterruptedException {
    CountDownLatch inside = new CountDownLatch(2);
    Runnable meet =
        () -> {
          try (var _ = gate.enter()) {
            inside.countDown();
            inside.await();
          } catch (InterruptedException e) {
            throw new IllegalStateException(e);
          }
        };

    Thread first = Thread.startVirtualThread(meet);
    Thread second = Thread.startVirtualThread(meet);
    first.join();
    second.join();

    assertThat(inside.getCount()).isZero();
  }

  @Test
  void closingWaitsForThoseInside() throws InterruptedException {
    Thread closing = Thread.ofVirtual().unstarted(() -> gate.close(released::incrementAndGet));
    try (var _ = gate.enter()) {
      closing.start();
      while (closing.isAlive() && closing.getState() != Thread.State.WAITING) {
        Thread.onSpinWait();
      }
      assertThat(released).hasValue(0);
    }
    closing.join();

    assertThat(released).hasValue(1);
  }
}
