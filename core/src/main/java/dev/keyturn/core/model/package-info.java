/** Values every feature shares: ids, key ids, secrets, and the refusals of the domain. */
@NullMarked
package dev.keyturn.core.model;

import org.jspecify.annotations.NullMarked;
