/** A host of another node: its calls as bytes, what carries them, and the end that answers them (docs/nodes.md). */
@NullMarked
package dev.keyturn.host.remote;

import org.jspecify.annotations.NullMarked;
