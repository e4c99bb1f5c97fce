/** Runbook and previews become a plan: rules across steps, what is owed, the digest. */
@NullMarked
package pgrunbook.plan;

import org.jspecify.annotations.NullMarked;
