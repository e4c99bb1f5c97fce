/** The actions, one file each; <code>Actions.all()</code> is the list. */
@NullMarked
package pgrunbook.actions;

import org.jspecify.annotations.NullMarked;
