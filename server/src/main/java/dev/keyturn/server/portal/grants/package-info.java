/** Letting other programs sign in as oneself: by a device code, or in the browser that they opened. */
@NullMarked
package dev.keyturn.server.portal.grants;

import org.jspecify.annotations.NullMarked;
