package dev.keyturn.server.portal.people;

import java.util.List;

/** Where a one-time link leads; {@code link} is what it carries, {@code good} whether it can still be used,
 * {@code alone} whether it signs in without a password. */
public record WelcomePage(String link, String name, boolean good, boolean alone, List<String> problems) {}
