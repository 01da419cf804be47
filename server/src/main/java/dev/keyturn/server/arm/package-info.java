/** Azure Resource Manager: the surface that manages resources. Each feature adds its routes. */
@NullMarked
package dev.keyturn.server.arm;

import org.jspecify.annotations.NullMarked;
