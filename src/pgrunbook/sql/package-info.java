/** SQL cut into tokens, in pieces of any size and with constant memory. */
@NullMarked
package pgrunbook.sql;

import org.jspecify.annotations.NullMarked;
