/** The servers that use one database, each a row that says whether it is there (docs/nodes.md). */
@NullMarked
package dev.keyturn.core.nodes;

import org.jspecify.annotations.NullMarked;
