/** Virtual machines: list, actions on many, one machine, its console. */
@NullMarked
package dev.keyturn.server.portal.vms;

import org.jspecify.annotations.NullMarked;
