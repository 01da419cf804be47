/** Microsoft.Authorization: role assignments and role definitions. */
@NullMarked
package dev.keyturn.server.arm.authorization;

import org.jspecify.annotations.NullMarked;
