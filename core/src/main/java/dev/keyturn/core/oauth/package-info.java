/** Clients in which people sign in: device codes (RFC 8628), authorization codes (RFC 6749, 7636), refresh tokens (docs/portal.md). */
@NullMarked
package dev.keyturn.core.oauth;

import org.jspecify.annotations.NullMarked;
