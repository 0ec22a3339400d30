/// The report of a run, verdict first, as HTML, Markdown, JSON and a table for the terminal.
@NullMarked
package dev.retort.report;

import org.jspecify.annotations.NullMarked;
