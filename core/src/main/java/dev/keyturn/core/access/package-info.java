/** What somebody may do somewhere, and why: read, for people. Nothing is decided here. */
@NullMarked
package dev.keyturn.core.access;

import org.jspecify.annotations.NullMarked;
