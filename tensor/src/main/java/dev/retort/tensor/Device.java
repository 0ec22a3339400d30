package dev.retort.tensor;

import org.bytedeco.pytorch.global.torch;

/// Where a tensor's memory lives and its operators run: the processor, or a numbered CUDA device.
///
/// @param kind the kind of device
/// @param index the device's number; 0 for the processor
public record Device(Kind kind, int index) {

  /// The kinds of device this build of libtorch may know.
  public enum Kind {
    CPU,
    CUDA
  }

  /// The processor.
  public static final Device CPU = new Device(Kind.CPU, 0);

  public Device {
    if (index < 0 || (kind == Kind.CPU && index != 0)) {
      throw new IllegalArgumentException("device index %d of %s".formatted(index, kind));
    }
  }

  /// The first CUDA device when the CUDA build of libtorch is on the class path and a device is
  /// there, the processor otherwise.
  public static Device best() {
    return torch.cuda_is_available() ? new Device(Kind.CUDA, 0) : CPU;
  }

  org.bytedeco.pytorch.Device handle() {
    return new org.bytedeco.pytorch.Device(kind == Kind.CPU ? "cpu" : "cuda:" + index);
  }

  static Device of(org.bytedeco.pytorch.Device handle) {
    return handle.is_cuda() ? new Device(Kind.CUDA, handle.index()) : CPU;
  }
}
