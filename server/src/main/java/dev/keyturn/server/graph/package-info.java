/** The part of Microsoft Graph that the Azure clients need: the directory's service principals and their secrets. */
@NullMarked
package dev.keyturn.server.graph;

import org.jspecify.annotations.NullMarked;
