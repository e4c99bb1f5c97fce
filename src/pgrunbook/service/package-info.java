/** Services and maintenance mode of an environment: by commands, or simulated. */
@NullMarked
package pgrunbook.service;

import org.jspecify.annotations.NullMarked;
