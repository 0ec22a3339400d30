package dev.retort.app.run;

import dev.retort.app.terminal.Console;
import dev.retort.train.StopSwitch;
import dev.retort.train.TrainResult;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;

/// What happens on Ctrl-C: training ends after the current step and writes a checkpoint; anything
/// else ends at once, since all it leaves behind is written as a whole.
///
/// The JVM ends when its shutdown hooks have ended, so the hook waits for the command.
public final class Interruption {

  /// How long a step and a checkpoint may take.
  private static final long PATIENCE_SECONDS = 300;

  private final StopSwitch stop = new StopSwitch();
  private final AtomicBoolean training = new AtomicBoolean();
  private final AtomicReference<Optional<String>> resume = new AtomicReference<>(Optional.empty());
  private final CountDownLatch ended = new CountDownLatch(1);

  /// Ends training.
  public StopSwitch stop() {
    return stop;
  }

  /// Says whether there is a step to wait for.
  void training(boolean now) {
    training.set(now);
  }

  /// Says which command goes on with the work that begins now.
  public void resumeWith(String command) {
    resume.set(Optional.of(command));
  }

  /// The command that goes on with the work, if work has begun that can be gone on with.
  public Optional<String> resume() {
    return resume.get();
  }

  /// Says that the command has ended and told the user all it has to tell.
  public void ended() {
    ended.countDown();
  }

  /// Listens for Ctrl-C and the signals that are like it.
  public void arm(Console console) {
    Runtime.getRuntime().addShutdownHook(new Thread(() -> interrupted(console), "interruption"));
  }

  /// What the shutdown hook does, which also runs when the process ends by itself.
  void interrupted(Console console) {
    if (ended.getCount() == 0) {
      return;
    }
    stop.stop(TrainResult.End.INTERRUPTED);
    if (!training.get()) {
      console.note("Interrupted.");
      resume().ifPresent(command -> console.note("Go on with: " + command));
      return;
    }
    console.note("Stopping after this step, to write a checkpoint ...");
    try {
      if (!ended.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        console.note("The step has not ended; going on from the checkpoint before it is possible.");
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }
}
