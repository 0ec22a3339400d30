package dev.retort.chat.jinja;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.retort.chat.jinja.TemplateException.Kind;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What this interpreter does not know is refused, and errors say where they are. What it knows is
/// tested in [SnippetsTest].
class TemplateTest {

  private static final Clock CLOCK = Clock.fixed(Instant.EPOCH, ZoneOffset.UTC);

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{% block a %}{% endblock %}",
        "{% extends 'a' %}",
        "{% include 'a' %}",
        "{% import 'a' as b %}",
        "{% from 'a' import b %}",
        "{% autoescape true %}{% endautoescape %}",
        "{% for x in y recursive %}{% endfor %}",
        "{{ self.title() }}",
        "{{ x | urlize }}",
        "{% if false %}{{ x | groupby('a') }}{% endif %}",
        "{{ '\\N{DASH}' }}"
      })
  void whatIsMissingIsRefusedWhenTheTemplateIsRead(String source) {
    assertThatThrownBy(() -> Template.of("ab\n " + source))
        .isInstanceOfSatisfying(
            TemplateException.class,
            e -> {
              assertThat(e.kind()).isEqualTo(Kind.UNSUPPORTED);
              assertThat(e.line()).isEqualTo(2);
              assertThat(e).hasMessageStartingWith("line 2, column ");
            });
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{{ 'a'.encode() }}",
        "{{ 'a'.__class__ }}",
        "{{ [].__len__ }}",
        "{{ 5 .bit_length() }}",
        "{{ {}.fromkeys([1]) }}",
        "{{ ('a'|safe).upper() }}",
        "{{ ('a'|safe)|upper }}",
        "{{ '{:>5}'.format(1) }}",
        "{{ '{0.real}'.format(1) }}",
        "{{ '%x' % 5 }}",
        "{{ '%(a)s' % {'a': 1} }}",
        "{{ strftime_now('%c') }}",
        "{{ cycler(1, 2) }}",
        "{{ [1] | map('string') }}",
        "{{ range }}",
        "{{ 'a'.upper }}",
        "{{ 2 ** 100000 }}",
        "{{ 'a' * 1000000000 }}",
        "{{ 1 is sameas 1 }}",
        "{{ '²'.isdigit() }}",
        "{{ [{'a': 1}] | sort(attribute='a,b') }}",
        "{% macro m() %}{% generation %}x{% endgeneration %}{% endmacro %}{{ m() }}"
      })
  void whatIsMissingInAValueIsRefusedWhenItIsReached(String source) {
    Template template = Template.of(source);

    assertThatThrownBy(() -> template.render(Map.of(), CLOCK))
        .isInstanceOfSatisfying(
            TemplateException.class, e -> assertThat(e.kind()).isEqualTo(Kind.UNSUPPORTED));
  }

  @Test
  void anErrorNamesTheInnermostExpression() {
    Template template = Template.of("one\n{% if true %}\n  {{ 'a' ~ (1 + x.y.z) }}\n{% endif %}");

    assertThatThrownBy(() -> template.render(Map.of("x", Value.Dict.of(Map.of())), CLOCK))
        .hasMessage("line 3, column 20: 'dict object' has no attribute 'y'");
  }

  @Test
  void endlessRecursionIsAnError() {
    Template template = Template.of("{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}");

    assertThatThrownBy(() -> template.render(Map.of(), CLOCK))
        .isInstanceOf(TemplateException.class)
        .hasMessageContaining("nested more than 200 deep");
  }

  @Test
  void endlessNestingIsAnError() {
    assertThatThrownBy(() -> Template.of("{{ " + "(".repeat(5000) + ")".repeat(5000) + " }}"))
        .isInstanceOf(TemplateException.class)
        .hasMessageContaining("nested more than 200 deep");
  }

  @Test
  void namespacesOfOneRenderingAreNotSeenByTheNext() {
    Template template =
        Template.of("{% set ns = namespace(n=0) %}{% set ns.n = ns.n + 1 %}{{ ns.n }}");

    assertThat(template.render(Map.of(), CLOCK).text()).isEqualTo("1");
    assertThat(template.render(Map.of(), CLOCK).text()).isEqualTo("1");
  }
}
