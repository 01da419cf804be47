package dev.keyturn.server.portal.access;

import dev.keyturn.core.access.Holder;
import dev.keyturn.core.identity.Role;
import dev.keyturn.server.portal.frame.Place;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * The role assignments that hold at a scope, and those below it.
 *
 * @param above the scopes that hold here too, nearest last
 * @param elsewhere other scopes to look at
 * @param blind why there is nothing to see; empty where the person may look
 * @param cut how many assignments are not shown
 * @param form what can be given here; empty where the person may give nothing
 */
public record AccessPage(
        Place place,
        List<Place> above,
        List<Place> elsewhere,
        List<Row> rows,
        int cut,
        Optional<String> blind,
        Optional<Form> form,
        List<String> problems) {
    public AccessPage {
        above = List.copyOf(above);
        elsewhere = List.copyOf(elsewhere);
        rows = List.copyOf(rows);
        problems = List.copyOf(problems);
    }

    /**
     * One assignment.
     *
     * @param who its holder; empty where there is nobody with that id any more, or where one may not know
     * @param known whether one may know who it is
     * @param where empty where it was made at this very scope
     * @param below whether it was made below, and so does not hold here
     * @param taken whether the person may take it away
     */
    public record Row(
            String id,
            Optional<Holder> who,
            boolean known,
            String may,
            String role,
            String told,
            Optional<Place> where,
            boolean below,
            String at,
            String name,
            Instant since,
            String by,
            boolean taken) {}

    /** What can be given, to whom, and what was typed. */
    public record Form(List<Role> roles, List<Holder> some, String who, String role, String why) {
        public Form {
            roles = List.copyOf(roles);
            some = List.copyOf(some);
        }
    }
}
