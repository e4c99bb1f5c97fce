/** Child processes in groups of their own, with bounded output, deadlines and a sure end. */
@NullMarked
package pgrunbook.process;

import org.jspecify.annotations.NullMarked;
