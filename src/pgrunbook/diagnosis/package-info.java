/** What is wrong with an environment, found out by looking only, and what mends it. */
@NullMarked
package pgrunbook.diagnosis;

import org.jspecify.annotations.NullMarked;
