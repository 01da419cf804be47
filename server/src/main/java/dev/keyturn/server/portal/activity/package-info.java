/** Who did what: the records as people look for them. */
@NullMarked
package dev.keyturn.server.portal.activity;

import org.jspecify.annotations.NullMarked;
