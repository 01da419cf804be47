package dev.keyturn.server.portal.overview;

import dev.keyturn.server.portal.overview.OverviewPage.Moment;
import dev.keyturn.server.portal.overview.OverviewPage.Need;
import dev.keyturn.server.tls.ServerCertificates;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The server's own certificates. It renews its certificate by itself, so one that is overdue means that it could not. A new
 * certificate authority is one that every client has to be told, so that is said in time.
 */
final class CertificateNeeds {
    /** How long before a new certificate authority it is said. */
    static final Duration AUTHORITY = Duration.ofDays(60);
    /** The server tries every ten minutes. */
    static final Duration OVERDUE = Duration.ofDays(1);

    private CertificateNeeds() {}

    static List<Need> of(ServerCertificates.Lives lives, Instant now) {
        List<Need> needs = new ArrayList<>();
        if (lives.renewal().isBefore(now.minus(OVERDUE))) {
            needs.add(need(
                    now.plus(FleetNeeds.SOON.dividedBy(4)).isAfter(lives.end()) ? "error" : "warning",
                    "The server's certificate",
                    Remaining.words(lives.end(), now)
                            + " and could not be renewed; the server's log says why. Clients refuse a server whose certificate"
                            + " has expired.",
                    new Moment("Expires", lives.end())));
        }
        if (lives.newAuthority().isBefore(now.plus(AUTHORITY))) {
            needs.add(need(
                    "warning",
                    "The server's certificate authority",
                    "is replaced by a new one. Every client has to be given the new ca.pem of the data directory then.",
                    new Moment("Replaced", lives.newAuthority())));
        }
        return needs;
    }

    private static Need need(String kind, String title, String what, Moment when) {
        return new Need(kind, title, what, Optional.of(when), List.of(), 0, Optional.empty(), "", "");
    }
}
