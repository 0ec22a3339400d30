/// What models behind an API answered and what that cost: kept, never paid twice, within a budget.
@NullMarked
package dev.retort.ledger;

import org.jspecify.annotations.NullMarked;
