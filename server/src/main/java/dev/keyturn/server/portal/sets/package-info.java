/** Disk encryption sets and the change of their key. */
@NullMarked
package dev.keyturn.server.portal.sets;

import org.jspecify.annotations.NullMarked;
