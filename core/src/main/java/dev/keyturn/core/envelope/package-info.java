/** Data keys in envelopes: CMK to set key to data key. */
@NullMarked
package dev.keyturn.core.envelope;

import org.jspecify.annotations.NullMarked;
