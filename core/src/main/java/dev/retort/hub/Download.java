package dev.retort.hub;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.OptionalLong;

/// One file on its way from a server to the disk. It grows as `NAME.incomplete`, is continued where
/// an earlier attempt stopped, and gets its name only when its checksum holds.
///
/// @param subject what messages call it
/// @param source where it comes from
/// @param target where it goes
/// @param checksum what its content must match
/// @param refusal explains why the server does not give it
record Download(
    Subject subject, URI source, Path target, Optional<Checksum> checksum, Reply.Refusal refusal) {

  private static final int BUFFER_BYTES = 1 << 16;

  /// What is downloaded.
  ///
  /// @param address the address that the user wrote
  /// @param file the name of the file within it
  /// @param size the size of the file, where it is known before
  record Subject(Address address, String file, OptionalLong size) {

    @Override
    public String toString() {
      return address.text() + ", file " + file;
    }
  }

  /// Downloads the file unless it is there.
  ///
  /// @throws HubException when it cannot be had
  void run(Web web, Retries retries) throws IOException {
    Files.createDirectories(target.toAbsolutePath().getParent());
    Path partial = target.resolveSibling(target.getFileName() + ".incomplete");
    try (FileChannel channel =
            FileChannel.open(partial, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        FileLock _ = channel.lock()) {
      if (Files.exists(target)) {
        return; // another process was faster, and what we opened may have been its file
      }
      retries.run(subject.toString(), () -> attempt(web, channel, retries.progress()));
      channel.force(true);
      verify(partial);
      Files.move(partial, target, StandardCopyOption.ATOMIC_MOVE);
    }
  }

  /// Adds to the file what is missing, and returns its size.
  private long attempt(Web web, FileChannel channel, Progress progress)
      throws IOException, InterruptedException {
    if (subject.size().isPresent() && channel.size() > subject.size().getAsLong()) {
      channel.truncate(0);
    }
    long have = channel.size();
    if (have > 0 && subject.size().equals(OptionalLong.of(have))) {
      progress.downloaded(subject.file(), have, subject.size());
      return have;
    }
    try (Reply reply = web.get(source, have)) {
      if (reply.isBeyondEnd()) {
        channel.truncate(0);
        throw new PassingFault("the part on the disk is longer than the file", Optional.empty());
      }
      reply.requireSuccess(refusal);
      if (!reply.start().equals(OptionalLong.of(have))) {
        channel.truncate(0);
      }
      return receive(web, reply, channel, progress);
    }
  }

  private long receive(Web web, Reply reply, FileChannel channel, Progress progress)
      throws IOException {
    long at = channel.size();
    OptionalLong rest = reply.bodySize();
    OptionalLong total = rest.isPresent() ? OptionalLong.of(at + rest.getAsLong()) : subject.size();
    requireSpace(total.orElse(at) - at);
    InputStream body = reply.body();
    byte[] buffer = new byte[BUFFER_BYTES];
    for (int count = web.read(body, buffer); count >= 0; count = web.read(body, buffer)) {
      at += write(channel, ByteBuffer.wrap(buffer, 0, count), at);
      progress.downloaded(subject.file(), at, total);
    }
    OptionalLong expected = subject.size().isPresent() ? subject.size() : total;
    if (expected.isPresent() && at != expected.getAsLong()) {
      throw new PassingFault(
          "%d of %d bytes arrived".formatted(at, expected.getAsLong()), Optional.empty());
    }
    return at;
  }

  private int write(FileChannel channel, ByteBuffer bytes, long at) throws HubException {
    int count = bytes.remaining();
    try {
      for (long position = at; bytes.hasRemaining(); ) {
        position += channel.write(bytes, position);
      }
      return count;
    } catch (IOException e) {
      throw new HubException(
          "%s: cannot write %s: %s; free space or choose another cache with HF_HOME or RETORT_HOME"
              .formatted(subject, target, e.getMessage()),
          e);
    }
  }

  private void requireSpace(long needed) throws IOException {
    Path folder = target.toAbsolutePath().getParent();
    long free = Files.getFileStore(folder).getUsableSpace();
    if (needed > free) {
      throw new HubException(
          ("%s: needs %,d bytes in %s, where %,d are free; "
                  + "free space or choose another cache with HF_HOME or RETORT_HOME")
              .formatted(subject, needed, folder, free));
    }
  }

  private void verify(Path partial) throws IOException {
    if (checksum.isEmpty()) {
      return;
    }
    Checksum expected = checksum.get();
    Checksum found = Checksum.of(expected.kind(), partial);
    if (!found.equals(expected)) {
      Files.delete(partial);
      throw new HubException(
          "%s: expected %s, found %s; the file was removed: fetch it again"
              .formatted(subject, expected, found));
    }
  }
}
