package dev.retort.run;

import dev.retort.data.AugmentSettings;
import dev.retort.hub.Address;
import dev.retort.hub.Hub;
import dev.retort.hub.HubSettings;
import dev.retort.hub.Progress;
import dev.retort.model.ModelFolder;
import dev.retort.model.Pretrained;
import dev.retort.model.convert.ModelSource;
import dev.retort.model.decoder.PretrainedDecoder;
import dev.retort.recipe.GenerationPlan;
import dev.retort.recipe.Plan;
import dev.retort.recipe.Recipe;
import dev.retort.recipe.StudentOrigin;
import dev.retort.recipe.TeacherSettings;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;

/// Fetches models by address.
///
/// @param hub where they are downloaded from and kept
public record Models(Hub hub) {

  /// The hub that the environment names.
  public static Models fromEnvironment(Map<String, String> environment, Path home) {
    return new Models(new Hub(HubSettings.fromEnvironment(environment, home)));
  }

  /// Where the model at `address` lies, downloaded and converted if need be.
  ///
  /// @throws IllegalArgumentException if the address cannot be understood
  public Path folder(String address, Progress progress) throws IOException {
    return ModelSource.fetch(Address.parse(address), hub, progress);
  }

  /// The encoder at `address`.
  ///
  /// @throws IllegalArgumentException if the address cannot be understood
  public Pretrained fetch(String address, Progress progress) throws IOException {
    return ModelFolder.read(folder(address, progress));
  }

  /// The language model at `address`.
  ///
  /// @throws IllegalArgumentException if the address cannot be understood
  public PretrainedDecoder fetchDecoder(String address, Progress progress) throws IOException {
    return PretrainedDecoder.read(folder(address, progress));
  }

  /// `recipe` matched with its models, which are fetched.
  ///
  /// @throws dev.retort.recipe.PlanException with everything that does not fit
  public Plan plan(Recipe recipe, Progress progress) throws IOException {
    Plan.requireRemoteFits(recipe);
    Optional<Pretrained> source = fetch(studentModel(recipe), progress);
    // An API reads texts: for it the data are read as the student reads them.
    Pretrained reader =
        source.isPresent() ? source.get() : fetch(recipe.mainTeacher().model(), progress);
    List<Pretrained> teachers = new ArrayList<>();
    for (TeacherSettings teacher : recipe.lineup().teachers().values()) {
      teachers.add(teacher.isRemote() ? reader : fetch(teacher.model(), progress));
    }
    Optional<String> words = recipe.data().augment().flatMap(AugmentSettings::model);
    return Plan.of(recipe, teachers, source, fetch(words, progress));
  }

  /// `recipe` of task `generation` matched with its models, which are fetched.
  ///
  /// @throws dev.retort.recipe.PlanException with everything that does not fit
  public GenerationPlan generationPlan(Recipe recipe, Progress progress) throws IOException {
    Plan.requireRemoteFits(recipe);
    SequencedMap<String, PretrainedDecoder> teachers = new LinkedHashMap<>();
    for (Map.Entry<String, TeacherSettings> teacher : recipe.lineup().teachers().entrySet()) {
      teachers.put(teacher.getKey(), fetchDecoder(teacher.getValue().model(), progress));
    }
    Optional<String> model = studentModel(recipe);
    return GenerationPlan.of(
        recipe,
        teachers,
        model.isPresent() ? Optional.of(fetchDecoder(model.get(), progress)) : Optional.empty());
  }

  /// The address of the model that the student is made of, if that is not the teacher's.
  private static Optional<String> studentModel(Recipe recipe) {
    return recipe.student().from() instanceof StudentOrigin.Model(String address)
        ? Optional.of(address)
        : Optional.empty();
  }

  private Optional<Pretrained> fetch(Optional<String> address, Progress progress)
      throws IOException {
    return address.isPresent() ? Optional.of(fetch(address.get(), progress)) : Optional.empty();
  }
}
