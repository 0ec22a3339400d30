package dev.retort.train;

import dev.retort.io.Folders;
import dev.retort.model.TensorFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/// The checkpoints of one training run: a folder `step-N-EPOCHS` each, with weights, optimizer
/// state, moving averages, the best epoch's weights, the position in the data and what [Rollouts]
/// remember. Random numbers need no state: they are drawn from the seed and the position.
///
/// A checkpoint is written aside and renamed, and the one before it deleted afterwards, so that one
/// whole checkpoint exists at any moment.
public final class Checkpoints {

  private static final String WEIGHTS = "model.safetensors";
  private static final String OPTIMIZER = "optimizer.safetensors";
  private static final String BEST = "best.safetensors";
  private static final String POSITION = "position.json";

  private final Path folder;

  /// The checkpoints in `folder`, which need not exist yet.
  public Checkpoints(Path folder) {
    this.folder = folder;
  }

  /// How far a run has come.
  ///
  /// @param step optimizer steps made
  /// @param history validation scores so far
  record Position(long step, List<EpochScore> history) {}

  /// The folder of the latest checkpoint, if there is one.
  public Optional<Path> latest() throws IOException {
    if (!Files.isDirectory(folder)) {
      return Optional.empty();
    }
    try (Stream<Path> children = Files.list(folder)) {
      return children
          .filter(child -> child.getFileName().toString().matches("step-\\d+-\\d+"))
          .max(
              Comparator.comparingLong((Path child) -> number(child, 1))
                  .thenComparingLong(child -> number(child, 2)));
    }
  }

  void write(Position position, TrainState state) throws IOException {
    Files.createDirectories(folder);
    Path aside = folder.resolve("writing");
    Folders.delete(aside);
    Files.createDirectories(aside);
    TensorFile.write(aside.resolve(WEIGHTS), state.trained());
    TensorFile.write(aside.resolve(OPTIMIZER), state.memory());
    TensorFile.write(aside.resolve(BEST), state.best().byName());
    state.rollouts().write(aside);
    Files.writeString(aside.resolve(POSITION), JsonMapper.shared().writeValueAsString(position));
    Path target = folder.resolve(name(position));
    Files.move(aside, target, StandardCopyOption.ATOMIC_MOVE);
    deleteAllBut(target);
  }

  /// Reads the latest checkpoint into `state`, if there is one.
  Optional<Position> restore(TrainState state) throws IOException {
    Optional<Path> latest = latest();
    if (latest.isEmpty()) {
      return Optional.empty();
    }
    Path checkpoint = latest.get();
    TensorFile.readInto(checkpoint.resolve(WEIGHTS), state.trained());
    TensorFile.readInto(checkpoint.resolve(OPTIMIZER), state.memory());
    state.rollouts().read(checkpoint);
    Position position = position(checkpoint.resolve(POSITION));
    if (!position.history().isEmpty()) {
      state.best().remember();
      TensorFile.readInto(checkpoint.resolve(BEST), state.best().byName());
    }
    return Optional.of(position);
  }

  /// Deletes all checkpoints: the run they were for has ended and its result is safe.
  public void deleteAll() throws IOException {
    Folders.delete(folder);
  }

  private static Position position(Path file) throws IOException {
    try {
      return JsonMapper.shared().readValue(Files.readString(file), Position.class);
    } catch (JacksonException e) {
      throw new CheckpointException(
          "%s is damaged (%s); delete the folder %s to start this phase again"
              .formatted(file, e.getOriginalMessage(), file.getParent()),
          e);
    }
  }

  /// Before and after the validation that ends an epoch, the step is the same.
  private static String name(Position position) {
    return "step-%d-%d".formatted(position.step(), position.history().size());
  }

  private static long number(Path checkpoint, int part) {
    return Long.parseLong(checkpoint.getFileName().toString().split("-", -1)[part]);
  }

  private void deleteAllBut(Path kept) throws IOException {
    List<Path> others;
    try (Stream<Path> children = Files.list(folder)) {
      others = children.filter(child -> !child.equals(kept)).toList();
    }
    for (Path other : others) {
      Folders.delete(other);
    }
  }
}
