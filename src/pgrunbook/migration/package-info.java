/** A schema's migrations: their files, what a database remembers of them, and Flyway. */
@NullMarked
package pgrunbook.migration;

import org.jspecify.annotations.NullMarked;
