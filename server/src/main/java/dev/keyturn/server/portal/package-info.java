/**
 * The portal (docs/portal.md): pages for people who sign in. A page is a record that a handler fills from services, and a
 * template under {@code src/main/jte} that gets the record and the {@link dev.keyturn.server.portal.frame.Frame}.
 */
@NullMarked
package dev.keyturn.server.portal;

import org.jspecify.annotations.NullMarked;
