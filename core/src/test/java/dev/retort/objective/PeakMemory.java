package dev.retort.objective;

import static org.assertj.core.api.Assumptions.assumeThat;

import dev.retort.io.SystemFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// The resident memory of this process at its peak. Tests that begin a new one are left out where
/// the system cannot.
public final class PeakMemory {

  private static final Path FORGET = Path.of("/proc/self/clear_refs");

  private final long before;

  private PeakMemory(long before) {
    this.before = before;
  }

  /// Lets the peak start again from here.
  public static PeakMemory start() throws IOException {
    assumeThat(Files.isWritable(FORGET)).isTrue();
    Files.writeString(FORGET, "5");
    return new PeakMemory(bytes());
  }

  /// Bytes that the peak has grown by since.
  public long grown() throws IOException {
    return bytes() - before;
  }

  private static long bytes() throws IOException {
    return SystemFile.kilobytes(SystemFile.PROCESS, "VmHWM").orElseThrow() << 10;
  }
}
