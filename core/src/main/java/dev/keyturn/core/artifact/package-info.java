/** Encrypted things (guest states and disks), their envelopes, and the data keys in them. */
@NullMarked
package dev.keyturn.core.artifact;

import org.jspecify.annotations.NullMarked;
