/** What is hard or impossible to take back: told before, and confirmed by a name that is typed. */
@NullMarked
package dev.keyturn.server.portal.ends;

import org.jspecify.annotations.NullMarked;
