/** Confidential VMs: made, changed, deleted, and the table of their power states. */
@NullMarked
package dev.keyturn.core.vm;

import org.jspecify.annotations.NullMarked;
