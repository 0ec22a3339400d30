package dev.retort.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ReferenceWriterTest {

  private static final List<Catalog<?>> CATALOGS = List.of(Sample.OBJECTIVES);

  @Test
  void writesSectionsSettingsAndKinds() {
    assertThat(ReferenceWriter.write("Reference", Sample.Recipe.class, CATALOGS))
        .isEqualTo(
            """
            # Reference

            Everything a run needs.

            | setting | type | default | meaning |
            | --- | --- | --- | --- |
            | `name` | text | required | The name of the run. |
            | `train` | [train](#train) | required | |
            | `objective` | list: [objective\\[\\]](#objective) | `[cross-entropy]` | The loss. |
            | `validation` | text | `10%` | |
            | `require` | by name: text or [require.NAME](#requirename) | `{}` | |
            | `layers` | by name: list: whole number | `{}` | |
            | `output` | path | none | |
            | `extra` | [objective\\[\\]](#objective) | none | |

            ## train

            | setting | type | default | meaning |
            | --- | --- | --- | --- |
            | `epochs` | whole number | required | How often the student sees the data. |
            | `learningRate` | number | `5e-5` | |
            | `batchTokens` | whole number | `4_096` | |
            | `precision` | `fp32` or `bf16-mixed` | `fp32` | |
            | `schedule` | [schedule](#kinds-of-schedule) | `cosine` | |
            | `seed` | whole number | `7` | |
            | `maxGradientNorm` | number | `1.0` | |
            | `compile` | true or false | `false` | |

            ## objective[]

            | setting | type | default | meaning |
            | --- | --- | --- | --- |
            | `use`, … | [objective](#kinds-of-objective) | required | |
            | `weight` | number | `1` | |

            ## require.NAME

            a bound such as `>= 0.97`

            | setting | type | default | meaning |
            | --- | --- | --- | --- |
            | `atLeast` | true or false | required | |
            | `limit` | number | required | |

            ## Kinds of schedule

            How the learning rate moves.

            Written `{use: NAME, …settings}`, or `NAME` alone if no setting is required.

            ### cosine

            | setting | type | default | meaning |
            | --- | --- | --- | --- |
            | `warmup` | number | `10%` | |

            ### steps

            | setting | type | default | meaning |
            | --- | --- | --- | --- |
            | `at` | list: whole number | required | |

            ## Kinds of objective

            Written `{use: NAME, …settings}`, or `NAME` alone if no setting is required.

            ### cross-entropy

            Cross entropy with the labels.

            ### forward-kl

            Kullback-Leibler divergence from the teacher to the student.

            | setting | type | default | meaning |
            | --- | --- | --- | --- |
            | `temperature` | number | `1.0` | Softens both sides. |
            """);
  }

  @Test
  void linksATypeThatContainsItselfToItsOnlySection() {
    record Tree(@Doc("What hangs | below.") Optional<Sample.Loop> child) {}
    assertThat(ReferenceWriter.write("Tree", Tree.class, List.of()))
        .isEqualTo(
            """
            # Tree

            | setting | type | default | meaning |
            | --- | --- | --- | --- |
            | `child` | [child](#child) | none | What hangs \\| below. |

            ## child

            | setting | type | default | meaning |
            | --- | --- | --- | --- |
            | `next` | [child](#child) | none | |
            """);
  }

  @Test
  void putsASectionRightAfterTheOneAroundIt() {
    record Leaf(int size) {}
    record Branch(Leaf leaf) {}
    record Tree(Branch first, Sample.Pair second) {}
    assertThat(ReferenceWriter.write("Tree", Tree.class, List.of()).lines())
        .filteredOn(line -> line.startsWith("#"))
        .containsExactly("# Tree", "## first", "## first.leaf", "## second");
  }
}
