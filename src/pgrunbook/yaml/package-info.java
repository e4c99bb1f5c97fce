/** YAML as a tree in which every value knows its place, bound to records, all problems at once. */
@NullMarked
package pgrunbook.yaml;

import org.jspecify.annotations.NullMarked;
