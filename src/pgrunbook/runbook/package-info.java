/** What people write: the runbook, its params, preconditions and steps. */
@NullMarked
package pgrunbook.runbook;

import org.jspecify.annotations.NullMarked;
