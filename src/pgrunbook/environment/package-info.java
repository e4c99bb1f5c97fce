/** Where a runbook acts: the environment file, <code>.env</code>, and what they resolve to. */
@NullMarked
package pgrunbook.environment;

import org.jspecify.annotations.NullMarked;
