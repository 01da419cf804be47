package dev.keyturn.server.portal.people;

/** The step after a password that is right, of a person whose password alone is not enough. */
public record PasskeyPage(PasskeyAsk ask) {}
