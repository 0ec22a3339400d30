package dev.retort.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.retort.app.Shell.Result;
import dev.retort.app.exit.ExitCode;
import dev.retort.app.run.Interruption;
import dev.retort.train.TrainResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The commands one after another, as a user gives them.
class RunThroughTest {

  @TempDir Path root;

  @Test
  void initWritesARecipeThatCheckFindsWithoutData() throws IOException {
    Path folder = root.resolve("my-task");

    Result init = shell().retort("init", "classification", folder);
    Result check = shell().retort("check", folder.resolve("recipe.yaml"));

    assertThat(init.code()).isEqualTo(ExitCode.OK);
    assertThat(init.out()).contains("put train.csv").contains("./retort check " + folder);
    assertThat(Files.readString(folder.resolve("README.md"))).contains("train.csv");
    assertThat(check.code()).isEqualTo(ExitCode.DATA);
    assertThat(check.err())
        .contains("data.train: train.csv does not exist; put it there")
        .contains(folder.toString());
  }

  @Test
  void initOverwritesNothing() throws IOException {
    Path recipe = Files.writeString(root.resolve("recipe.yaml"), "mine");

    Result result = shell().retort("init", "pair", root);

    assertThat(result.code()).isEqualTo(ExitCode.RECIPE);
    assertThat(result.err()).contains(recipe + " exists");
    assertThat(recipe).hasContent("mine");
  }

  @Test
  void checkListsTheProblemsOfARecipe() throws IOException {
    TinyTask task = TinyTask.in(root);

    Result result =
        shell().retort("check", task.recipe(), "--set", "train.epochs=0", "--set", "trian.x=1");

    assertThat(result.code()).isEqualTo(ExitCode.RECIPE);
    assertThat(result.err()).contains("2 problems").contains("train.epochs").contains("trian");
  }

  @Test
  void checkSaysWhatDoesNotFitTheTeacher() throws IOException {
    TinyTask task = TinyTask.in(root);

    Result result = shell().retort("check", task.recipe(), "--set", "student.layers=[7]");

    assertThat(result.code()).isEqualTo(ExitCode.RECIPE);
    assertThat(result.err())
        .contains("the recipe does not fit its teacher\n  student.layers[0]: layer 7");
  }

  @Test
  void checkRefusesAnAddressThatIsNone() throws IOException {
    TinyTask task = TinyTask.in(root);

    Result result = shell().retort("check", task.recipe(), "--set", "teacher.model=ftp:x");

    assertThat(result.code()).isEqualTo(ExitCode.RECIPE);
    assertThat(result.err()).contains("teacher.model").contains("ftp");
  }

  @Test
  void checkSaysWhichTeacherCannotBeHad() throws IOException {
    TinyTask task = TinyTask.in(root);

    Result result = shell().retort("check", task.recipe(), "--set", "teacher.model=hf:a/b");

    assertThat(result.code()).isEqualTo(ExitCode.TEACHER);
    assertThat(result.err()).contains("hf:a/b").contains("offline");
  }

  @Test
  void aTaskGoesFromCheckToExport() throws IOException {
    TinyTask task = TinyTask.in(root);
    Path runs = root.resolve("runs");

    Result check = shell().retort("check", root);
    assertThat(check.code()).isEqualTo(ExitCode.OK);
    assertThat(check.out()).contains("ready to run").contains("60 test").contains("3 classes");

    Result label = shell().retort("label", task.recipe());
    assertThat(label.out()).endsWith("answers are in the store\n");

    Result distill = shell().retort("distill", task.recipe(), "--runs", runs);
    assertThat(distill.err()).doesNotContain("retort: ");
    assertThat(distill.code()).isEqualTo(ExitCode.OK);
    assertThat(distill.out()).contains("retention", "met", "report.html");
    Path run = only(runs);
    assertThat(run.resolve("report.html")).exists();

    Result evaluate = shell().retort("evaluate", run, "--data", root.resolve("test.csv"));
    assertThat(evaluate.code()).isEqualTo(ExitCode.OK);
    assertThat(evaluate.out()).contains("model-int8.onnx", "accuracy", "p95 latency");

    Path small = root.resolve("small");
    Result export =
        shell().retort("export", run, "--to", "onnx", "--quantize", "int8", "--out", small);
    assertThat(export.code()).isEqualTo(ExitCode.OK);
    assertThat(small.resolve("model-int8.onnx")).exists();
  }

  @Test
  void anUnreachableRequirementEndsWithItsOwnCode() throws IOException {
    TinyTask task = TinyTask.in(root);

    Result result =
        shell()
            .retort(
                "distill",
                task.recipe(),
                "--runs",
                root.resolve("runs"),
                "--set",
                "train.epochs=1",
                "--set",
                "require={sizeMb: '<= 0.001'}");

    assertThat(result.code()).isEqualTo(ExitCode.NOT_MET);
    assertThat(result.out()).contains("missed");
  }

  @Test
  void anInterruptedRunSaysHowToGoOnAndDoes() throws IOException {
    TinyTask task = TinyTask.in(root);
    Path runs = root.resolve("runs");
    Interruption interruption = new Interruption();
    interruption.stop().stop(TrainResult.End.INTERRUPTED);

    Result stopped = shell().retort(interruption, "distill", task.recipe(), "--runs", runs);

    String resume = "./retort distill %s --runs %s --resume".formatted(task.recipe(), runs);
    assertThat(stopped.code()).isEqualTo(ExitCode.INTERRUPTED);
    assertThat(stopped.err()).contains("interrupted while training").endsWith(resume + "\n");
    Path run = only(runs);

    Result resumed = shell().retort("distill", task.recipe(), "--runs", runs, "--resume");

    assertThat(resumed.code()).isEqualTo(ExitCode.OK);
    assertThat(only(runs)).isEqualTo(run);
    assertThat(run.resolve("report.json")).exists();
  }

  @Test
  void thereIsNothingToGoOnWith() throws IOException {
    TinyTask task = TinyTask.in(root);

    Result result = shell().retort("distill", task.recipe(), "--runs", root, "--resume");

    assertThat(result.code()).isEqualTo(ExitCode.RECIPE);
    assertThat(result.err()).contains("no unfinished run of exactly this recipe");
  }

  @Test
  void aRunThatCannotBeginLeavesNoFolder() throws IOException {
    TinyTask task = TinyTask.in(root);
    Path runs = root.resolve("runs");
    Files.delete(root.resolve("train.csv"));

    Result result = shell().retort("distill", task.recipe(), "--runs", runs);

    assertThat(result.code()).isEqualTo(ExitCode.DATA);
    assertThat(runs).isEmptyDirectory();
  }

  @Test
  void onlyARunCanBeExported() {
    Result result = shell().retort("export", root, "--to", "onnx");

    assertThat(result.code()).isNotEqualTo(ExitCode.OK).isNotEqualTo(ExitCode.BUG);
    assertThat(result.err()).startsWith("retort: ").contains(root.toString());
  }

  private Shell shell() {
    return new Shell(root.resolve("home"));
  }

  private static Path only(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      List<Path> found = files.toList();
      assertThat(found).hasSize(1);
      return found.getFirst();
    }
  }
}
