/** How passkeys are checked: the only package that knows the library for it. */
@NullMarked
package dev.keyturn.keys.passkey;

import org.jspecify.annotations.NullMarked;
