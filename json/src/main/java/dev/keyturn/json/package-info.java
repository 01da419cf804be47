/** JSON, and the readers that say every wrong field of a body at once. Server, stores and command line share it. */
@NullMarked
package dev.keyturn.json;

import org.jspecify.annotations.NullMarked;
