/** Carries a plan out: checkpoints, retries, time-outs, resume, rollback and the lock. */
@NullMarked
package pgrunbook.engine;

import org.jspecify.annotations.NullMarked;
