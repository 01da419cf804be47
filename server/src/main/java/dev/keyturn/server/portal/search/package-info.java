/** What has a name or an id that somebody types at the top of a page. */
@NullMarked
package dev.keyturn.server.portal.search;

import org.jspecify.annotations.NullMarked;
