package dev.retort.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.networknt.schema.Schema;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.retort.catalog.Sample.Recipe;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class JsonSchemaTest {

  private static final SchemaRegistry REGISTRY =
      SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12);

  private final JsonNode json =
      JsonMapper.shared().readTree(JsonSchema.of(Recipe.class, List.of(Sample.OBJECTIVES)));
  private final Schema schema = REGISTRY.getSchema(json);

  private boolean accepts(String yaml) {
    return schema.validate(JsonSchema.json(Sample.yaml(yaml).root())).isEmpty();
  }

  @Test
  void isASchemaOfItsDraft() {
    Schema draft =
        REGISTRY.getSchema(SchemaLocation.of("https://json-schema.org/draft/2020-12/schema"));
    assertThat(draft.validate(json)).isEmpty();
  }

  @Test
  void describesSettingsWithTheirDefaults() {
    JsonNode train = json.at("/$defs/Train/properties");
    assertThat(train.at("/epochs"))
        .isEqualTo(
            JsonMapper.shared()
                .readTree(
                    """
                    {"description": "How often the student sees the data.",
                     "type": ["integer", "string"], "pattern": "^[-+]?\\\\d+(?:_\\\\d+)*$"}
                    """));
    assertThat(train.at("/learningRate/default").doubleValue()).isEqualTo(5e-5);
    assertThat(train.at("/precision/enum").valueStream().map(JsonNode::stringValue))
        .containsExactly("fp32", "bf16-mixed");
    assertThat(json.at("/$defs/Train/required").valueStream().map(JsonNode::stringValue))
        .containsExactly("epochs");
    assertThat(json.at("/$defs/Schedule/description").stringValue())
        .isEqualTo("How the learning rate moves.");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "name: a\ntrain: {epochs: 3}\n",
        "name: 7\ntrain: {epochs: 1_000, learningRate: 10%, maxGradientNorm: null}\n",
        "name: a\ntrain: {epochs: 1e3, schedule: {use: steps, at: [1]}}\n",
        "name: a\ntrain: {epochs: 3}\nobjective: [cross-entropy, {use: forward-kl, weight: 2}]\n",
        "name: a\ntrain: {epochs: 3}\nrequire: {x: '>= 1', y: {atLeast: true, limit: 2}}\n",
        "name: a\ntrain: {epochs: 3}\nlayers: {a: [1]}\nextra: forward-kl\noutput: b\n"
      })
  void acceptsWhatTheBinderAccepts(String yaml) {
    assertThat(Sample.bind(yaml)).isNotNull();
    assertThat(accepts(yaml)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "train: {epochs: 3}\n",
        "name: a\ntrain: {epochs: many}\n",
        "name: a\ntrain: {epochs: 3, learnnigRate: 1}\n",
        "name: a\ntrain: {epochs: 3, compile: yes}\n",
        "name: a\ntrain: {epochs: 3, precision: bf16}\n",
        "name: a\ntrain: {epochs: 3, schedule: steps}\n",
        "name: a\ntrain: {epochs: 3}\nobjective: [{use: cross-entropy, temperature: 2}]\n",
        "name: a\ntrain: {epochs: 3}\nobjective: [foward-kl]\n",
        "name: a\ntrain: {epochs: 3}\nlayers: {a: 1}\n"
      })
  void refusesWhatTheBinderRefuses(String yaml) {
    assertThatThrownBy(() -> Sample.bind(yaml)).isInstanceOf(RecipeException.class);
    assertThat(accepts(yaml)).isFalse();
  }
}
