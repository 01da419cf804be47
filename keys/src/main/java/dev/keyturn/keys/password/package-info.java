/** How passwords of people are hashed. */
@NullMarked
package dev.keyturn.keys.password;

import org.jspecify.annotations.NullMarked;
