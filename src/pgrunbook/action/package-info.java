/** The contract between a kind of step and whoever plans or runs it. */
@NullMarked
package pgrunbook.action;

import org.jspecify.annotations.NullMarked;
