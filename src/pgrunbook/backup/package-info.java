/** Formats, manifests, fingerprints, and the reader of dumps. */
@NullMarked
package pgrunbook.backup;

import org.jspecify.annotations.NullMarked;
