/** Requests, responses and routes of our own; the HTTP library stays behind this package. */
@NullMarked
package dev.keyturn.server.http;

import org.jspecify.annotations.NullMarked;
