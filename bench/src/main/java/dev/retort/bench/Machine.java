package dev.retort.bench;

import com.sun.management.OperatingSystemMXBean;
import dev.retort.io.SystemFile;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;

/// What the operating system says about this process and its machine.
final class Machine {

  private static final Path FORGET = Path.of("/proc/self/clear_refs");

  private Machine() {}

  /// The load average of the last minute; −1 where the system tells none.
  static double loadAverage() {
    return ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
  }

  /// How long all processors together have worked for this process; 0 where the system does not
  /// tell.
  static double processorSeconds() {
    return ManagementFactory.getOperatingSystemMXBean() instanceof OperatingSystemMXBean system
        ? system.getProcessCpuTime() / 1e9
        : 0;
  }

  /// The largest resident size of this process so far; 0 where the system does not tell.
  static long peakResidentBytes() throws IOException {
    return 1024 * SystemFile.kilobytes(SystemFile.PROCESS, "VmHWM").orElse(0);
  }

  /// Lets the largest resident size begin again at the present one, where the system can.
  static void forgetPeak() throws IOException {
    if (Files.isWritable(FORGET)) {
      Files.writeString(FORGET, "5");
    }
  }
}
