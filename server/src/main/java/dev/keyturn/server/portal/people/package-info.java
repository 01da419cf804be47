/** Signing in, one's own page, and people. */
@NullMarked
package dev.keyturn.server.portal.people;

import org.jspecify.annotations.NullMarked;
