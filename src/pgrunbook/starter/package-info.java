/** What <code>init</code> writes into an application's repository, read from its Compose files. */
@NullMarked
package pgrunbook.starter;

import org.jspecify.annotations.NullMarked;
