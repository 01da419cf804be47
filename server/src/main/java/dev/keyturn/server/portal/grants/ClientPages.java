package dev.keyturn.server.portal.grants;

import dev.keyturn.core.oauth.ClientSignIn;
import dev.keyturn.core.oauth.ClientSignIns;
import dev.keyturn.server.http.Response;
import dev.keyturn.server.http.Routes;
import dev.keyturn.server.portal.frame.Entry;
import dev.keyturn.server.portal.frame.Html;
import dev.keyturn.server.portal.frame.Visitor;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** The programs that act as a person, and to sign out of one. */
public final class ClientPages {
    private static final String HERE = "/portal/clients";

    private final Entry entry;
    private final ClientSignIns clients;

    public ClientPages(Entry entry, ClientSignIns clients) {
        this.entry = entry;
        this.clients = clients;
    }

    public void addTo(Routes routes) {
        entry.page(routes, HERE, this::show);
        entry.form(routes, HERE + "/end", this::end);
    }

    private Response show(Visitor visitor) {
        List<ClientSignIn> own = clients.of(visitor.person());
        return entry.html()
                .page(
                        200,
                        "clients",
                        entry.frame(visitor, "Programs that act as you", "", Optional.empty())
                                .alone(
                                        "No az command and no REST call lists or ends these. az logout makes one machine forget its"
                                                + " sign-in, and does not end it here."),
                        new ClientsPage(
                                own, own.stream().collect(Collectors.toMap(ClientSignIn::id, clients::endsAt))));
    }

    private Response end(Visitor visitor) {
        clients.end(visitor.call(), visitor.person(), visitor.request().form().getOrDefault("client", ""));
        return Html.to(HERE);
    }
}
