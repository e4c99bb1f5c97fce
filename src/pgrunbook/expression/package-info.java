/** The small language inside <code>${…}</code>, and values that only a run can know. */
@NullMarked
package pgrunbook.expression;

import org.jspecify.annotations.NullMarked;
