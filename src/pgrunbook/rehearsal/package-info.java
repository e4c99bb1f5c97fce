/** A scratch cluster and, on it, an ordinary run. */
@NullMarked
package pgrunbook.rehearsal;

import org.jspecify.annotations.NullMarked;
