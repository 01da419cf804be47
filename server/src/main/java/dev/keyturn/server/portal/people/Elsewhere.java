package dev.keyturn.server.portal.people;

import dev.keyturn.core.outside.OutsideSignIn;
import dev.keyturn.server.identity.outside.ProviderSignIn;

/** The provider that signs people in, and who lets them in here. */
public record Elsewhere(ProviderSignIn provider, OutsideSignIn people) {}
