/// Named records, and how the settings of a recipe become records: reading YAML with locations,
/// binding with all problems at once, writing back, reference documentation and JSON Schema.
@NullMarked
package dev.retort.catalog;

import org.jspecify.annotations.NullMarked;
