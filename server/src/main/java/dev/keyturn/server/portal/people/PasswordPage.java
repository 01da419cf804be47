package dev.keyturn.server.portal.people;

import java.util.List;

/** To change one's password; {@code must} where nothing else is open before. */
public record PasswordPage(boolean must, List<String> problems) {}
