/** What somebody may do somewhere, and why: read, for people; and whether there is something at a scope. */
@NullMarked
package dev.keyturn.core.access;

import org.jspecify.annotations.NullMarked;
