@NullMarked
package dev.keyturn.server.identity.outside;

import org.jspecify.annotations.NullMarked;
