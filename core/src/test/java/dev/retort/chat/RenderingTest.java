package dev.retort.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.retort.chat.jinja.Span;
import dev.retort.chat.jinja.TemplateException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import tools.jackson.databind.JsonNode;

/// Real models' templates render conversations as transformers does, to the character
/// (`bench/peers/chat_goldens.py`).
class RenderingTest {

  @TestFactory
  Stream<DynamicContainer> texts() {
    return Goldens.MODELS.stream()
        .map(model ->
            DynamicContainer.dynamicContainer(
                model,
                Goldens.cases(model)
                    .map(one -> DynamicTest.dynamicTest(one.name(), () -> check(one)))));
  }

  private static void check(Goldens.Case one) {
    if (one.error().isPresent()) {
      TemplateException thrown = catchThrowableOfType(TemplateException.class, () -> render(one));
      assertThat(thrown).as(one.error().get()).isNotNull();
      assertThat(thrown.reason()).isEqualTo(one.error().get());
    } else {
      assertThat(render(one)).isEqualTo(one.text());
    }
  }

  @Test
  void generationBlocksAreWhereTransformersFindsThem() {
    List<Goldens.Case> marked =
        Goldens.cases()
            .filter(one -> !one.golden().path("generated").isEmpty() && !one.addGenerationPrompt())
            .toList();

    assertThat(marked).hasSizeGreaterThan(5);
    assertThat(marked)
        .allSatisfy(one -> {
          Rendered rendered = one.template().render(one.conversation());
          assertThat(inCodePoints(rendered)).isEqualTo(nonEmpty(one));
          assertThat(rendered.unmasked()).isEmpty();
        });
  }

  private static List<List<Integer>> inCodePoints(Rendered rendered) {
    String text = rendered.text();
    List<List<Integer>> spans = new ArrayList<>();
    for (Span span : rendered.completions()) {
      spans.add(List.of(text.codePointCount(0, span.start()), text.codePointCount(0, span.end())));
    }
    return spans;
  }

  private static List<List<Integer>> nonEmpty(Goldens.Case one) {
    return one.golden()
        .path("generated")
        .valueStream()
        .map(span -> span.valueStream().map(JsonNode::intValue).toList())
        .filter(span -> span.getFirst() < span.getLast())
        .toList();
  }

  private static String render(Goldens.Case one) {
    return one.template().text(one.conversation(), one.addGenerationPrompt());
  }
}
