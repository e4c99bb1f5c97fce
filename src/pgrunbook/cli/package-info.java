/** Commands, exit codes and the wiring of everything else. */
@NullMarked
package pgrunbook.cli;

import org.jspecify.annotations.NullMarked;
