package dev.retort.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.retort.align.AlignedRows;
import dev.retort.align.AlignedTexts;
import dev.retort.align.Reader;
import dev.retort.align.VocabularyMap;
import dev.retort.data.RowShape;
import dev.retort.data.SequenceBatch;
import dev.retort.data.SequenceDataset;
import dev.retort.data.TokenizedDataset;
import dev.retort.model.Precision;
import dev.retort.model.decoder.CausalLanguageModel;
import dev.retort.model.decoder.DecoderConfig;
import dev.retort.model.decoder.DecoderWeights;
import dev.retort.model.decoder.Llama;
import dev.retort.objective.CrossEntropy;
import dev.retort.objective.CrossTokenizer;
import dev.retort.signal.Distribution.Aligned;
import dev.retort.signal.Need;
import dev.retort.teacher.AligningTeacher;
import dev.retort.teacher.LocalTeacher;
import dev.retort.teacher.Question;
import dev.retort.teacher.Teacher;
import dev.retort.tensor.Scope;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

class AligningTeacherTest {

  private static final List<String> WORDS =
      List.of("good", "bad", "slow", "the", "movie", "was", "very", "this", "time", "day");

  @TempDir Path folder;

  private Reader fine;
  private Reader coarse;

  @BeforeEach
  void open() throws IOException {
    fine = Reader.of("fine");
    coarse = Reader.of("coarse");
  }

  @AfterEach
  void close() {
    fine.close();
    coarse.close();
  }

  /// Prompts of two words whose completions repeat the last.
  private static List<String[]> texts(int from, int step) {
    List<String[]> texts = new ArrayList<>();
    for (int i = from; i < 100; i += step) {
      String last = WORDS.get(i % 10);
      texts.add(new String[] {WORDS.get(i / 10) + " " + last, " " + last + " day"});
    }
    return texts;
  }

  private AlignedTexts aligned(TokenizedDataset student, TokenizedDataset teacher) {
    return AlignedTexts.of(
        RowShape.COLUMNS, List.of(student), fine.spelling(), List.of(teacher), coarse.spelling());
  }

  private VocabularyMap vocabulary() {
    return VocabularyMap.of(fine.spelling(), 262, coarse.spelling(), 317);
  }

  private static CausalLanguageModel model(int vocabulary, long seed) {
    DecoderConfig shape =
        new Llama()
            .read(
                JsonMapper.shared()
                    .readTree(
                        """
                        {"hidden_size": 32, "num_hidden_layers": 2, "num_attention_heads": 4,
                         "intermediate_size": 48, "vocab_size": %d, "rms_norm_eps": 1e-5,
                         "max_position_embeddings": 64, "tie_word_embeddings": true}
                        """
                            .formatted(vocabulary)));
    return new CausalLanguageModel(shape, DecoderWeights.random(shape, 0.15, seed));
  }

  private static LocalTeacher<SequenceBatch> local(CausalLanguageModel model) {
    return new LocalTeacher<>("teacher", "f", model, Precision.FP32);
  }

  @Test
  void rowsOfABatchLieBesideThoseOfTheTeacher() {
    List<String[]> texts =
        List.of(
            new String[] {"the", " good day"},
            new String[] {"the day was slow"},
            new String[] {"bad", " day"});
    TokenizedDataset ours = fine.read(texts);
    SequenceDataset data = SequenceDataset.of(ours);
    try (CausalLanguageModel model = model(317, 1);
        Scope _ = Scope.open()) {
      AligningTeacher teacher =
          new AligningTeacher(local(model), aligned(ours, coarse.read(texts)), vocabulary());

      Aligned answer =
          (Aligned)
              teacher
                  .ask(new Question<>(data, data.batch(2, 0, 1)), Set.of(Need.DISTRIBUTION))
                  .distribution()
                  .orElseThrow();

      // " day" and the end; " good" of five, " day" and the end; "e" after "th" lies within "the".
      AlignedRows rows = answer.aligned();
      assertThat(rows.places())
          .startsWith(0, 0, 0, 1, 2, 3, 4, 0, 0, -1, 0, 0, 1, 2, 3)
          .endsWith(0);
      assertThat(rows.teacherRows()).startsWith(0, 1, 2, 2, 2, 2, 2, 3, 4, 0, 6, 7, 7, 7, 7);
      assertThat(rows.teacherLabels()[4]).isEqualTo(1);
      assertThat(rows.size()).isEqualTo(data.batch(2, 0, 1).labels().length);
    }
  }

  /// The teacher has learnt from labels, the student only from the teacher: how well it predicts
  /// texts that neither has seen in training tells what it was taught.
  @Test
  void aStudentLearnsInTokensOfItsOwn() throws IOException {
    List<String[]> training = texts(1, 2);
    training.addAll(texts(2, 4));
    TokenizedDataset ours = fine.read(training);
    TokenizedDataset others = fine.read(texts(0, 4));
    SequenceDataset unseen = SequenceDataset.of(others);
    List<BoundTerm> labels = List.of(new BoundTerm("cross-entropy", new CrossEntropy(0), 1));
    try (CausalLanguageModel teacher = model(317, 1);
        CausalLanguageModel student = model(262, 2)) {
      SequenceDataset theirs = SequenceDataset.of(coarse.read(training));
      train(teacher, Optional.empty(), labels, theirs, 25);
      AligningTeacher asked =
          new AligningTeacher(
              local(teacher),
              AlignedTexts.of(
                  RowShape.COLUMNS,
                  List.of(ours, others),
                  fine.spelling(),
                  List.of(coarse.read(training), coarse.read(texts(0, 4))),
                  coarse.spelling()),
              vocabulary());
      LossScore<SequenceBatch> score =
          new LossScore<>(unseen, asked, Set.of(), labels, Precision.FP32);
      double before = -score.score(student);

      train(
          student,
          Optional.of(asked),
          List.of(new BoundTerm("cross-tokenizer", new CrossTokenizer(1, Optional.of(0.9)), 1)),
          SequenceDataset.of(ours),
          40);

      double after = -score.score(student);
      assertThat(before).isGreaterThan(4);
      assertThat(after).isLessThan(before / 3);
    }
  }

  private void train(
      CausalLanguageModel model,
      Optional<Teacher<SequenceBatch>> teacher,
      List<BoundTerm> terms,
      SequenceDataset data,
      int epochs)
      throws IOException {
    // Every epoch is the best so far: the last is kept.
    AtomicInteger epoch = new AtomicInteger();
    TrainJob<SequenceBatch> job =
        new TrainJob<>(
            "student",
            model,
            teacher,
            Set.of(Need.DISTRIBUTION),
            terms,
            data,
            TinyTask.settings(epochs),
            _ -> epoch.incrementAndGet());
    Checkpoints checkpoints = new Checkpoints(folder.resolve(terms.getFirst().name()));
    try (Trainer<SequenceBatch> trainer =
        new Trainer<>(job, checkpoints, List.of(), new StopSwitch())) {
      trainer.run();
    }
  }

  @Test
  void onlyTextsThatWereReadCanBeAskedAbout() {
    TokenizedDataset ours = fine.read(texts(0, 50));
    SequenceDataset data = SequenceDataset.of(fine.read(texts(1, 50)));
    try (CausalLanguageModel model = model(317, 1)) {
      AligningTeacher teacher =
          new AligningTeacher(local(model), aligned(ours, coarse.read(texts(0, 50))), vocabulary());
      Question<SequenceBatch> question = new Question<>(data, data.batch(0));

      assertThatThrownBy(() -> teacher.ask(question, Set.of(Need.DISTRIBUTION)))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("has not read in its own tokens");
      assertThatThrownBy(() -> teacher.ask(question, Set.of(Need.HIDDEN_STATES)))
          .hasMessageContaining("offers [DISTRIBUTION]");
      assertThat(teacher.name()).isEqualTo("teacher");
      assertThat(teacher.fingerprint()).isEqualTo("f");
    }
  }
}
