package dev.retort.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.retort.app.exit.ExitCode;
import dev.retort.recipe.Recipe;
import dev.retort.recipe.Recipes;
import dev.retort.runtime.Classifier;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What the documents say about the repository is so.
class ReadmeTest {

  private static final Path ROOT = Path.of("..");
  private static final String SOURCES = "src/main/java";

  /// A link that is no picture and leads to another file of the repository.
  private static final Pattern LINK =
      Pattern.compile("[^!]\\[[^]]*]\\((?!https?:)([^)#]+)[^)]*\\)");

  @TempDir Path temporary;

  @Test
  void theTreeNamesEveryPackageOnceAndNoOther() throws IOException {
    List<Path> named = tree().stream().filter(path -> path.toString().contains(SOURCES)).toList();

    assertThat(named).containsExactlyInAnyOrderElementsOf(packages());
  }

  @Test
  void everyPathOfTheTreeExists() throws IOException {
    assertThat(tree()).isNotEmpty().allSatisfy(path -> assertThat(path).exists());
  }

  @Test
  void everyLinkBetweenDocumentsLeadsSomewhere() throws IOException {
    for (Path document : documents()) {
      List<String> links =
          LINK.matcher(Files.readString(document)).results().map(link -> link.group(1)).toList();

      assertThat(links)
          .as("links of %s", document)
          .allSatisfy(link -> assertThat(document.resolveSibling(link)).exists());
    }
  }

  @Test
  void theRecipeCanBeRead() throws IOException {
    Path file = Files.writeString(temporary.resolve("recipe.yaml"), block("yaml"));

    Recipe recipe = Recipes.read(file, List.of());

    assertThat(recipe.requirements()).hasSize(3);
  }

  @Test
  void theSnippetCompiles() throws IOException {
    Path source =
        Files.writeString(
            temporary.resolve("Snippet.java"),
            """
            %s
            class Snippet {
              void run() throws Exception {
                %s
              }
            }
            """
                .formatted(imports(Classifier.class, Path.class), block("java")));
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();

    int exit =
        compiler.run(
            null,
            null,
            null,
            "-proc:none",
            "-d",
            temporary.toString(),
            "-classpath",
            System.getProperty("java.class.path"),
            source.toString());

    assertThat(exit).isZero();
  }

  @Test
  void theTableOfExitCodesIsComplete() throws IOException {
    Set<String> codes =
        Pattern.compile("^\\| (\\d+) \\|", Pattern.MULTILINE)
            .matcher(readme())
            .results()
            .map(row -> row.group(1))
            .collect(Collectors.toCollection(LinkedHashSet::new));

    assertThat(codes)
        .containsExactlyElementsOf(
            Arrays.stream(ExitCode.values()).map(code -> String.valueOf(code.code())).toList());
  }

  /// The paths of the tree. A package belongs to the folder above it.
  private static List<Path> tree() throws IOException {
    List<Path> paths = new ArrayList<>();
    Path folder = ROOT;
    for (String line : between("## The repository\n\n```\n", "```").lines().toList()) {
      String name = line.strip().replaceFirst(" .*", "");
      if (!line.startsWith(" ")) {
        folder = ROOT.resolve(name);
        paths.add(folder);
      } else if (name.startsWith("dev.")) {
        paths.add(folder.resolve(SOURCES).resolve(name.replace('.', '/')));
      } else {
        paths.add(folder.resolve(name));
      }
    }
    return paths;
  }

  private static List<Path> packages() throws IOException {
    try (Stream<Path> files = Files.walk(ROOT)) {
      return files.filter(ReadmeTest::describesAPackage).map(Path::getParent).toList();
    }
  }

  private static List<Path> documents() throws IOException {
    try (Stream<Path> top = Files.list(ROOT);
        Stream<Path> docs = Files.walk(ROOT.resolve("docs"));
        Stream<Path> peers = Files.list(ROOT.resolve("bench/peers"))) {
      return Stream.of(top, docs, peers)
          .flatMap(Function.identity())
          .filter(file -> file.toString().endsWith(".md"))
          .toList();
    }
  }

  private static boolean describesAPackage(Path file) {
    return file.endsWith("package-info.java") && file.toString().contains(SOURCES);
  }

  private static String block(String language) throws IOException {
    return between("```" + language + "\n", "```");
  }

  private static String imports(Class<?>... types) {
    return Arrays.stream(types)
        .map(type -> "import " + type.getName() + ";")
        .collect(Collectors.joining("\n"));
  }

  private static String between(String start, String end) throws IOException {
    String text = readme();
    assertThat(text).containsOnlyOnce(start);
    int from = text.indexOf(start) + start.length();
    return text.substring(from, text.indexOf(end, from));
  }

  private static String readme() throws IOException {
    return Files.readString(ROOT.resolve("README.md"));
  }
}
