/** Docker: what runs in containers, how to get into one, and Compose projects as targets. */
@NullMarked
package pgrunbook.compose;

import org.jspecify.annotations.NullMarked;
