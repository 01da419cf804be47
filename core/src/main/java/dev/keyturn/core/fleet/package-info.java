/** Confidential VMs as a fleet: found by what a person knows of them, counted, and looked at while something is at work. */
@NullMarked
package dev.keyturn.core.fleet;

import org.jspecify.annotations.NullMarked;
