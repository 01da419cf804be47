/** The portal in Debian's Chromium against the server as another process: what a person sees, and what a script may do. */
@NullMarked
package dev.keyturn.acceptance.browser;

import org.jspecify.annotations.NullMarked;
