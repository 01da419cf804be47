/** What tells pages that are open of changes. */
@NullMarked
package dev.keyturn.server.portal.live;

import org.jspecify.annotations.NullMarked;
