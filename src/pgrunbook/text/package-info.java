/** Places, problems, secrets and masking: what every other package says things with. */
@NullMarked
package pgrunbook.text;

import org.jspecify.annotations.NullMarked;
