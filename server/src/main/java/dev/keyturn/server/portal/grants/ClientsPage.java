package dev.keyturn.server.portal.grants;

import dev.keyturn.core.oauth.ClientSignIn;
import java.util.List;

/** The programs in which the person is signed in, newest first. */
public record ClientsPage(List<ClientSignIn> clients) {}
