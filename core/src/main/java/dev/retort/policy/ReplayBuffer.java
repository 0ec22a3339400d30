package dev.retort.policy;

import dev.retort.train.CheckpointException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/// The texts that a student wrote last, to be learnt from again (DistiLLM, Ko et al. 2024, arXiv
/// 2402.03898, section 3.2).
final class ReplayBuffer {

  private static final String FILE = "replay.json";

  private final int capacity;
  private final List<WrittenText> texts = new ArrayList<>();

  /// A buffer without texts.
  ///
  /// @param capacity how many it holds
  ReplayBuffer(int capacity) {
    this.capacity = capacity;
  }

  int size() {
    return texts.size();
  }

  /// Takes texts in, in place of the oldest.
  void add(List<WrittenText> some) {
    texts.addAll(some);
    texts.subList(0, Math.max(0, texts.size() - capacity)).clear();
  }

  /// `count` different texts, all equally likely; at most as many as there are.
  List<WrittenText> draw(int count, Random chance) {
    List<WrittenText> shuffled = new ArrayList<>(texts);
    Collections.shuffle(shuffled, chance);
    return List.copyOf(shuffled.subList(0, count));
  }

  /// Writes all texts into the folder `checkpoint`.
  void write(Path checkpoint) throws IOException {
    Files.writeString(checkpoint.resolve(FILE), JsonMapper.shared().writeValueAsString(texts));
  }

  /// Holds what was written into the folder `checkpoint`, and nothing else.
  ///
  /// @throws CheckpointException if that is missing or damaged
  void read(Path checkpoint) throws IOException {
    Path file = checkpoint.resolve(FILE);
    try {
      WrittenText[] read =
          JsonMapper.shared().readValue(Files.readString(file), WrittenText[].class);
      texts.clear();
      add(List.of(read));
    } catch (NoSuchFileException | JacksonException e) {
      throw new CheckpointException(
          "%s is missing or damaged (%s); delete the folder %s to start this phase again"
              .formatted(file, e.getMessage(), checkpoint),
          e);
    }
  }
}
