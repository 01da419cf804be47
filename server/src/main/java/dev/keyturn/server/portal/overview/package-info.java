/** The first page: what needs somebody, and the fleet. */
@NullMarked
package dev.keyturn.server.portal.overview;

import org.jspecify.annotations.NullMarked;
