package dev.retort.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.retort.catalog.Binder;
import dev.retort.catalog.YamlReader;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ApiSettingsTest {

  private static final Binder BINDER = new Binder();

  @Test
  void aRecipeNeedsToSayNothing() {
    assertThat(read("{}")).isEqualTo(ApiSettings.DEFAULTS);
  }

  @Test
  void aRecipeMaySayAll() {
    ApiSettings settings =
        read(
            """
            key: MY_KEY
            requestsPerMinute: 60
            tokensPerMinute: 90000
            concurrency: 4
            timeoutSeconds: 1.5
            attempts: 3
            patienceSeconds: 30
            streaming: true
            apiVersion: 2025-01-01
            endpoint: https://vpce.example
            """);

    assertThat(settings.key()).contains("MY_KEY");
    assertThat(settings.requestsPerMinute()).contains(60);
    assertThat(settings.timeout()).isEqualTo(Duration.ofMillis(1500));
    assertThat(settings.patience()).isEqualTo(Duration.ofSeconds(30));
    assertThat(settings.endpoint()).isEqualTo(Optional.of("https://vpce.example"));
  }

  @Test
  void aKeyInARecipeIsRefusedAndNotRepeated() {
    assertThatThrownBy(() -> read("{key: sk-s3cret}"))
        .hasMessageContaining("must be the name of an environment variable")
        .hasMessageNotContaining("s3cret");
  }

  @Test
  void impossibleValuesAreRefused() {
    assertThatThrownBy(() -> read("{concurrency: 0}")).hasMessageContaining("concurrency");
    assertThatThrownBy(() -> read("{requestsPerMinute: 0}"))
        .hasMessageContaining("requestsPerMinute");
    assertThatThrownBy(() -> read("{timeoutSeconds: 0}")).hasMessageContaining("timeoutSeconds");
    assertThatThrownBy(() -> read("{endpoint: vpce.example}")).hasMessageContaining("endpoint");
  }

  private static ApiSettings read(String yaml) {
    return BINDER.bind(ApiSettings.class, YamlReader.parse("recipe.yaml", yaml));
  }
}
