/**
 * A host on which no real machine runs: VMs are state machines, their images small blobs that are really encrypted
 * under the data keys. It is a mode for rehearsing and for scale. Its faults are injected through {@link
 * dev.keyturn.host.simulated.Faults}; machines, images and faults are rows of the server's own database, so a killed
 * server finds its host as it left it.
 */
@NullMarked
package dev.keyturn.host.simulated;

import org.jspecify.annotations.NullMarked;
