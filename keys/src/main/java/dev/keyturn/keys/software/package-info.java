/** Keys in this process: made and used through JCA providers, kept only sealed under the master key. */
@NullMarked
package dev.keyturn.keys.software;

import org.jspecify.annotations.NullMarked;
