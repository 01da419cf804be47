/** What belongs to a whole installation, for callers that may: its right is asked for at the subscription. */
@NullMarked
package dev.keyturn.core.installation;

import org.jspecify.annotations.NullMarked;
