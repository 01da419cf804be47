/** Who did what: Azure's activity log, and this server's own audit record. */
@NullMarked
package dev.keyturn.server.arm.audit;

import org.jspecify.annotations.NullMarked;
