/** Calls from node to node about hosts, over TLS and sealed (docs/nodes.md). */
@NullMarked
package dev.keyturn.server.nodes;

import org.jspecify.annotations.NullMarked;
