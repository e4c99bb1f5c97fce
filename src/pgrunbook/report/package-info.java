/** From plan and journal to what a person reads. */
@NullMarked
package pgrunbook.report;

import org.jspecify.annotations.NullMarked;
