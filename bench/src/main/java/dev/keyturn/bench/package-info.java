/** Figures, printed and never asserted: how soon the server is ready, how fast a fleet is rotated, what a vault does. */
@NullMarked
package dev.keyturn.bench;

import org.jspecify.annotations.NullMarked;
