/** A scratch server, this machine's own or in a container, and a sample application on it. */
@NullMarked
package pgrunbook.rehearsal;

import org.jspecify.annotations.NullMarked;
