/// What a user asks for: the recipe, and the plan that matches it with a teacher.
@NullMarked
package dev.retort.recipe;

import org.jspecify.annotations.NullMarked;
