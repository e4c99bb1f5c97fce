/** The append-only, fsynced record of a run, and what it says when it is read back. */
@NullMarked
package pgrunbook.journal;

import org.jspecify.annotations.NullMarked;
