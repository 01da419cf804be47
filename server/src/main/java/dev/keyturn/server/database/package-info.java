/** The database of a server, embedded or shared with other nodes, and what the data directory knows of it. */
@NullMarked
package dev.keyturn.server.database;

import org.jspecify.annotations.NullMarked;
