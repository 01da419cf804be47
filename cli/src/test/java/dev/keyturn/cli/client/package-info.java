@NullMarked
package dev.keyturn.cli.client;

import org.jspecify.annotations.NullMarked;
