package dev.retort.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class HubSettingsTest {

  private static final Path HOME = Path.of("home");

  @Test
  void hasTheDefaultsOfTheOtherClients() {
    HubSettings settings = HubSettings.fromEnvironment(Map.of("HF_TOKEN", " "), HOME);

    assertThat(settings.folders().huggingFace()).isEqualTo(Path.of("home/.cache/huggingface/hub"));
    assertThat(settings.folders().retort()).isEqualTo(Path.of("home/.cache/retort"));
    assertThat(settings.folders().localMaven()).isEqualTo(Path.of("home/.m2/repository"));
    assertThat(settings.endpoint()).isEqualTo(URI.create("https://huggingface.co"));
    assertThat(settings.token()).isEmpty();
    assertThat(settings.offline()).isFalse();
  }

  @Test
  void readsTheEnvironmentAndHidesTheToken() {
    Map<String, String> environment =
        Map.of(
            "HF_HOME", "hf",
            "HF_TOKEN", "hf_secret",
            "HF_ENDPOINT", "http://mirror:8080/hub/",
            "HF_HUB_OFFLINE", "yes",
            "RETORT_HOME", "retort",
            "RETORT_MAVEN_URL", "https://nexus/repo");
    HubSettings settings = HubSettings.fromEnvironment(environment, HOME);

    assertThat(settings.folders().huggingFace()).isEqualTo(Path.of("hf/hub"));
    assertThat(settings.folders().retort()).isEqualTo(Path.of("retort"));
    assertThat(settings.endpoint()).isEqualTo(URI.create("http://mirror:8080/hub"));
    assertThat(settings.mavenRepository()).isEqualTo(URI.create("https://nexus/repo"));
    assertThat(settings.token()).isEqualTo(Optional.of("hf_secret"));
    assertThat(settings.offline()).isTrue();
    assertThat(settings.toString()).contains("token=set").doesNotContain("secret");
  }

  @Test
  void namesAVariableThatIsNoUrl() {
    assertThatThrownBy(() -> HubSettings.fromEnvironment(Map.of("HF_ENDPOINT", "mirror"), HOME))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("HF_ENDPOINT='mirror' is not an http or https URL");
  }
}
