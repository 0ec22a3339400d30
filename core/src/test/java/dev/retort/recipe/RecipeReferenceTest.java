package dev.retort.recipe;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/// The reference and the schema under version control are those of the records.
class RecipeReferenceTest {

  @Test
  void theReferenceIsUpToDate() {
    assertThat(Path.of("../docs/recipe-reference.md"))
        .as("run `make docs` and commit what it changes")
        .hasContent(Recipes.reference());
  }

  @Test
  void theSchemaIsUpToDate() {
    assertThat(Path.of("../docs/recipe.schema.json"))
        .as("run `make docs` and commit what it changes")
        .hasContent(Recipes.schema());
  }
}
