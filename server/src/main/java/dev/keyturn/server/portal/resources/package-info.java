/** Resources that have no room of their own: resource groups and disks; and what deletes them, VMs and sets. */
@NullMarked
package dev.keyturn.server.portal.resources;

import org.jspecify.annotations.NullMarked;
