/** Resource groups, resource lists, user-assigned identities, and resources that are kept without behaviour. */
@NullMarked
package dev.keyturn.server.arm.resource;

import org.jspecify.annotations.NullMarked;
