/** {@code $filter}: one parser for every list that takes one. */
@NullMarked
package dev.keyturn.server.filter;

import org.jspecify.annotations.NullMarked;
