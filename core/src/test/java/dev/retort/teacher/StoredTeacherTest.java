package dev.retort.teacher;

import static org.assertj.core.api.Assertions.assertThat;

import dev.retort.data.TextBatch;
import dev.retort.data.TokenizedDataset;
import dev.retort.signal.Distribution;
import dev.retort.signal.Need;
import dev.retort.signal.SignalStore;
import dev.retort.signal.Signals;
import dev.retort.tensor.Scope;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StoredTeacherTest {

  private static final TokenizedDataset DATA =
      Texts.of(Texts.example("a", 0, ""), Texts.example("bb", 1, ""));

  @TempDir Path folder;

  /// Says what it was asked for, and nothing about features but that they were wanted.
  private record Noting(Teacher<TextBatch> inner, List<Set<Need>> wanted)
      implements Teacher<TextBatch> {

    @Override
    public String name() {
      return inner.name();
    }

    @Override
    public String fingerprint() {
      return inner.fingerprint();
    }

    @Override
    public Set<Need> offers() {
      return inner.offers();
    }

    @Override
    public Signals ask(Question<TextBatch> question, Set<Need> needs) {
      wanted.add(EnumSet.copyOf(needs));
      return needs.contains(Need.DISTRIBUTION) ? inner.ask(question, needs) : Signals.NONE;
    }

    @Override
    public void close() {}
  }

  @Test
  void aDistributionIsRecalledAlsoWhereFeaturesAreComputed() throws IOException {
    Noting teacher =
        new Noting(
            FakeTeacher.of("teacher", new float[] {1, 0, 0}, new float[] {0, 1, 0}),
            new ArrayList<>());
    try (Scope _ = Scope.open();
        SignalStore store = SignalStore.open(folder, "f".repeat(64), 3)) {
      StoredTeacher<TextBatch> stored = new StoredTeacher<>(teacher, store);
      stored.answer(DATA, _ -> {});
      teacher.wanted().clear();

      Signals signals =
          stored.ask(Texts.question(DATA, 1), EnumSet.of(Need.DISTRIBUTION, Need.HIDDEN_STATES));

      assertThat(teacher.wanted()).containsExactly(Set.of(Need.HIDDEN_STATES));
      Distribution.Dense dense = (Distribution.Dense) signals.distribution().orElseThrow();
      assertThat(dense.logitsNV().toFloatRows()).isDeepEqualTo(new float[][] {{0, 1, 0}});
      stored.ask(Texts.question(DATA, 0), Set.of(Need.ATTENTION_SCORES));
      assertThat(teacher.wanted()).last().isEqualTo(Set.of(Need.ATTENTION_SCORES));
    }
  }
}
