/// What every package does with files: written aside and renamed, deleted as a tree, hashed.
@NullMarked
package dev.retort.io;

import org.jspecify.annotations.NullMarked;
