package dev.retort.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TransferTest {

  private static final String LONG = "where can I see how much money is left on my old card today";

  @TempDir Path folder;

  @BeforeEach
  void labelled() throws IOException {
    new DataFolder(folder)
        .write("train.csv", "text,label\nin training,a\nalso in training,b\n")
        .write("test.csv", "text,label\nheld out,a\n" + LONG + ",b\n");
  }

  @Test
  void textsWithoutLabelsAreReadFromEveryKindOfFile() throws IOException {
    new DataFolder(folder)
        .write("more.txt", "one\n\n  \ntwo\n")
        .write("more.csv", "label,text\na,three\n")
        .write("more.jsonl", "{\"text\": \"four\"}\n");

    Transfer transfer = read("more.*", Leakage.DROP);

    assertThat(transfer.data().examples())
        .extracting(Example::text)
        .containsExactly("three", "four", "one", "two");
    assertThat(transfer.data().examples()).noneMatch(Example::isLabelled);
    assertThat(transfer.data().labels().names()).containsExactly("a", "b");
    assertThat(transfer.findings()).isEmpty();
    assertThat(transfer.data().examples().getLast().place().line()).isEqualTo(4);
  }

  @Test
  void whatIsThereAlreadyOrHeldOutIsDroppedAndReported() throws IOException {
    new DataFolder(folder).write("more.txt", "new\nIN  training\nnew\nHeld out\n" + LONG + "s");

    Transfer transfer = read("more.txt", Leakage.DROP);

    assertThat(transfer.data().examples()).extracting(Example::text).containsExactly("new");
    assertThat(transfer.findings())
        .extracting(Finding::message)
        .containsExactly(
            "unlabelled: 2 of 5 texts dropped, being there already",
            "unlabelled: 1 of 3 examples also in test; dropped",
            "unlabelled: 1 of 2 texts nearly the same as one in test; dropped");
    assertThat(transfer.findings()).noneMatch(Finding::isError);
  }

  @Test
  void whatIsHeldOutStaysOrIsRefusedIfTheRecipeSaysSo() throws IOException {
    new DataFolder(folder).write("more.txt", "held out\n" + LONG + "s" + "\n");

    Transfer kept = read("more.txt", Leakage.WARN);
    Transfer refused = read("more.txt", Leakage.REFUSE);

    assertThat(kept.data().size()).isEqualTo(2);
    assertThat(kept.findings()).hasSize(2).noneMatch(Finding::isError);
    assertThat(refused.findings()).hasSize(2).allMatch(Finding::isError);
  }

  @Test
  void aFileOfNothingNewIsAnError() throws IOException {
    new DataFolder(folder).write("more.txt", "in training\n");

    assertThat(read("more.txt", Leakage.DROP).findings())
        .filteredOn(Finding::isError)
        .extracting(Finding::message)
        .containsExactly("unlabelled: none of the texts is left; name other files");
  }

  @Test
  void aStageMayReadTheTrainingTextsAgain() throws IOException {
    new DataFolder(folder).write("general.txt", "in training\nheld out\nnew\n");
    DataSettings settings =
        DataFolder.withTest(DataFolder.settings("train.csv"), "test.csv", Leakage.DROP);

    Transfer stage =
        Transfer.of(
            new Transfer.Source("general", "stages[0].data", "general.txt"),
            settings,
            folder,
            Splits.read(settings, folder, 1));

    assertThat(stage.data().name()).isEqualTo("general");
    assertThat(stage.data().examples())
        .extracting(Example::text)
        .containsExactly("in training", "new");
  }

  @Test
  void aTextFileHoldsNeitherLabelsNorPairs() throws IOException {
    new DataFolder(folder)
        .write("more.txt", "one\n")
        .write("pairs.csv", "text,second,label\na,b,x\nc,d,y\n");
    DataSettings pairs =
        new DataSettings(
            "pairs.csv",
            Optional.empty(),
            Optional.empty(),
            "text",
            Optional.of("second"),
            Optional.of("label"),
            Optional.empty(),
            Leakage.DROP,
            Optional.of("more.txt"),
            Optional.empty(),
            RowShape.COLUMNS,
            Optional.empty(),
            Optional.empty());

    assertThatThrownBy(() -> Splits.read(DataFolder.settings("more.txt"), folder, 1))
        .hasMessageContaining("data.label: there is no column 'label'; the columns are text");
    assertThatThrownBy(() -> Transfer.unlabelled(pairs, folder, Splits.read(pairs, folder, 1)))
        .hasMessageContaining("data.unlabelled: there are single texts");
  }

  @Test
  void textThatIsNotUtf8IsNamedByItsLine() throws IOException {
    new DataFolder(folder).write("more.txt", new byte[] {'a', '\n', (byte) 0xff, '\n'});

    assertThatThrownBy(() -> read("more.txt", Leakage.DROP))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("more.txt:2")
        .hasMessageContaining("UTF-8");
  }

  @Test
  void withoutTheSettingThereIsNothingToRead() throws IOException {
    DataSettings none = DataFolder.settings("train.csv");

    assertThat(Transfer.unlabelled(none, folder, Splits.read(none, folder, 1))).isEmpty();
  }

  private Transfer read(String unlabelled, Leakage leakage) throws IOException {
    DataSettings settings =
        new DataSettings(
            "train.csv",
            Optional.empty(),
            Optional.of(SplitSource.parse("test.csv")),
            "text",
            Optional.empty(),
            Optional.of("label"),
            Optional.empty(),
            leakage,
            Optional.of(unlabelled),
            Optional.empty(),
            RowShape.COLUMNS,
            Optional.empty(),
            Optional.empty());
    Splits splits = Splits.read(settings, folder, 1);
    return Transfer.unlabelled(settings, folder, splits).orElseThrow();
  }
}
