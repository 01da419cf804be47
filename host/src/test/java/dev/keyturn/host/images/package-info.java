@NullMarked
package dev.keyturn.host.images;

import org.jspecify.annotations.NullMarked;
