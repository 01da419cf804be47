package dev.keyturn.server.portal.people;

import java.util.List;

/** The form to sign in with; {@code go} is the path to go on to. */
public record SignInPage(String go, String name, PasskeyAsk passkey, List<String> problems) {}
