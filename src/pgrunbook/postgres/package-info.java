/** PostgreSQL from outside: JDBC, the client programs, and facts about clusters and databases. */
@NullMarked
package pgrunbook.postgres;

import org.jspecify.annotations.NullMarked;
