/** What every page of the portal stands in: who is signed in, forms of this server alone, the frame, addresses, files. */
@NullMarked
package dev.keyturn.server.portal.frame;

import org.jspecify.annotations.NullMarked;
