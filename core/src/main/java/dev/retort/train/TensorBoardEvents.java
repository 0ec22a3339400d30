package dev.retort.train;

import com.google.protobuf.CodedOutputStream;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.zip.CRC32C;

/// Writes scalars of every step as a TensorBoard event file.
///
/// The file is a TFRecord: length, masked CRC-32C of the length, the `tensorflow.Event` message,
/// masked CRC-32C of the message (`tensorflow/core/lib/io/record_writer.h`, `event.proto`).
public final class TensorBoardEvents implements TrainListener, AutoCloseable {

  private static final int MASK_DELTA = 0xa282ead8;

  private final OutputStream out;
  private final InstantSource clock;

  private TensorBoardEvents(OutputStream out, InstantSource clock) {
    this.out = out;
    this.clock = clock;
  }

  /// Begins a new event file in `folder`.
  public static TensorBoardEvents open(Path folder, InstantSource clock) throws IOException {
    long millis = clock.instant().toEpochMilli();
    Path file = folder.resolve("events.out.tfevents.%d.retort".formatted(millis));
    TensorBoardEvents events =
        new TensorBoardEvents(new BufferedOutputStream(Files.newOutputStream(file)), clock);
    events.record(message -> message.writeString(3, "brain.Event:2"));
    return events;
  }

  @Override
  public void stepEnded(StepReport report) {
    scalar(report.phase() + "/loss", report.step(), report.loss());
    report
        .lossByTerm()
        .forEach((term, loss) -> scalar(report.phase() + "/loss/" + term, report.step(), loss));
    scalar(report.phase() + "/learningRate", report.step(), report.learningRate());
    scalar(report.phase() + "/gradientNorm", report.step(), report.gradientNorm());
    report
        .rollout()
        .ifPresent(rollout ->
            rollout
                .measures()
                .forEach((name, value) ->
                    scalar(report.phase() + "/rollout/" + name, report.step(), value)));
  }

  @Override
  public void validated(Validation validation, StopSwitch stop) {
    scalar(validation.phase() + "/validation", validation.step(), validation.score());
  }

  @Override
  public void checkpointed(long step) {
    try {
      out.flush();
    } catch (IOException e) {
      throw failed(e);
    }
  }

  private void scalar(String tag, long step, double value) {
    try {
      byte[] summaryValue =
          message(fields -> {
            fields.writeString(1, tag);
            fields.writeFloat(2, (float) value);
          });
      byte[] summary = message(fields -> fields.writeByteArray(1, summaryValue));
      record(event -> {
        event.writeInt64(2, step);
        event.writeByteArray(5, summary);
      });
    } catch (IOException e) {
      throw failed(e);
    }
  }

  private interface Fields {
    void write(CodedOutputStream out) throws IOException;
  }

  private static byte[] message(Fields fields) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    CodedOutputStream coded = CodedOutputStream.newInstance(bytes);
    fields.write(coded);
    coded.flush();
    return bytes.toByteArray();
  }

  private void record(Fields event) throws IOException {
    byte[] message =
        message(fields -> {
          fields.writeDouble(1, clock.instant().toEpochMilli() / 1e3);
          event.write(fields);
        });
    byte[] length =
        ByteBuffer.allocate(Long.BYTES)
            .order(ByteOrder.LITTLE_ENDIAN)
            .putLong(message.length)
            .array();
    out.write(length);
    out.write(maskedChecksum(length));
    out.write(message);
    out.write(maskedChecksum(message));
  }

  private static byte[] maskedChecksum(byte[] bytes) {
    CRC32C checksum = new CRC32C();
    checksum.update(bytes);
    int value = (int) checksum.getValue();
    int masked = ((value >>> 15) | (value << 17)) + MASK_DELTA;
    return ByteBuffer.allocate(Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN).putInt(masked).array();
  }

  private static UncheckedIOException failed(IOException e) {
    return new UncheckedIOException(
        "the TensorBoard events cannot be written: " + e.getMessage(), e);
  }

  @Override
  public void close() throws IOException {
    out.close();
  }
}
