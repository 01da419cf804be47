package dev.keyturn.server.portal.people;

import dev.keyturn.core.outside.OutsideRefusal;
import java.util.Optional;

/**
 * Where people are sent to who want to sign in.
 *
 * @param host of the provider
 * @param start the address that leads there
 * @param there whether it answers
 * @param again whether the person shall show once more who it is
 * @param why what the last try came to
 * @param out where somebody who has just signed out here signs out at the provider
 */
public record OutsidePage(
        String host, String start, boolean there, boolean again, Optional<OutsideRefusal> why, Optional<String> out) {}
