package dev.keyturn.server.portal.sets;

import dev.keyturn.core.diskset.Census;
import dev.keyturn.core.model.ArtifactKind;
import dev.keyturn.core.model.KeyId;
import dev.keyturn.server.portal.frame.Visitor;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** How far a rotation that is under way has come, by kind of artifact, and by host for who asks for that. */
final class Moving {
    private static final String HOSTS = "hosts";

    private Moving() {}

    static List<KeyPage.Part> kinds(Census census, KeyId to) {
        List<KeyPage.Part> all = new ArrayList<>();
        for (ArtifactKind kind : ArtifactKind.values()) {
            long total = 0;
            long moved = 0;
            for (Census.Entry entry : census.entries()) {
                long some = entry.counts().getOrDefault(kind, 0L);
                total += some;
                moved += entry.key().equals(to) ? some : 0;
            }
            if (total > 0) {
                all.add(new KeyPage.Part(kind.words(), moved, total));
            }
        }
        return all;
    }

    /** Counted for this request alone: it reads every artifact of the set, which a page that looks often does not. */
    static Optional<List<KeyPage.Part>> hosts(SetDesk desk, Visitor visitor, Census census, KeyId to) {
        return visitor.request()
                .query(HOSTS)
                .map(_ -> desk
                        .services()
                        .rotations()
                        .byHost(visitor.call(), census.set().id(), to)
                        .stream()
                        .map(h -> new KeyPage.Part(h.host(), h.moved(), h.total()))
                        .toList());
    }

    /** The page at that address, with what {@link #hosts} counts. */
    static String withHosts(String address) {
        return address + (address.contains("?") ? "&" : "?") + HOSTS + "=1";
    }
}
