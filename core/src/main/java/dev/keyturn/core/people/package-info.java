/** People: who signs in with a name and a password, one-time links, and the sessions of browsers (docs/portal.md). */
@NullMarked
package dev.keyturn.core.people;

import org.jspecify.annotations.NullMarked;
