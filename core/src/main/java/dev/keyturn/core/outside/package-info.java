/** People whom a provider outside of Keyturn signs in: who they are here, and what follows from what it says. */
@NullMarked
package dev.keyturn.core.outside;

import org.jspecify.annotations.NullMarked;
