/** Confidential VMs on and off: requests, operations, what hosts report, and the kill switch of a lost key. */
@NullMarked
package dev.keyturn.core.power;

import org.jspecify.annotations.NullMarked;
