/** Signing people in at an OpenID provider outside of Keyturn: what is asked there, and what of its answers is believed. */
@NullMarked
package dev.keyturn.server.identity.outside;

import org.jspecify.annotations.NullMarked;
