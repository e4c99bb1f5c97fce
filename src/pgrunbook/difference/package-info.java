/** Migrations made from what differs between two databases, and proven on copies of them. */
@NullMarked
package pgrunbook.difference;

import org.jspecify.annotations.NullMarked;
