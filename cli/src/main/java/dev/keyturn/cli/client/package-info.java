/** A small client of Azure's API as this server speaks it: tokens, requests, long-running operations. */
@NullMarked
package dev.keyturn.cli.client;

import org.jspecify.annotations.NullMarked;
