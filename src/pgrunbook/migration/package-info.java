/**
 * A schema's migrations: the files, what a database remembers of them, and Flyway, which runs them.
 */
@NullMarked
package pgrunbook.migration;

import org.jspecify.annotations.NullMarked;
