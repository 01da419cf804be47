/** Principals, their tokens' subject, and what they may do where. */
@NullMarked
package dev.keyturn.core.identity;

import org.jspecify.annotations.NullMarked;
