package dev.keyturn.core.people;

import dev.keyturn.core.identity.PrincipalId;
import dev.keyturn.core.tx.CheckReturnValue;
import dev.keyturn.core.tx.Hit;
import dev.keyturn.core.tx.Tx;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** The rows of groups of people, and of who is in them. */
@CheckReturnValue
public interface PersonGroupStore {
    /** Missed, and nothing changed, where id or name is taken. */
    Hit insert(Tx tx, PersonGroup group);

    Optional<PersonGroup> find(Tx tx, PrincipalId id);

    Optional<PersonGroup> find(Tx tx, GroupName name);

    /** By name, from after {@code after}. */
    List<PersonGroup> page(Tx tx, Optional<GroupName> after, int limit);

    /** Deletes the group and who is in it, not the people; role assignments are another store's. Missed where there was none. */
    Hit delete(Tx tx, PrincipalId id);

    /** Missed, and nothing changed, where the person is in the group already. Both must be there. */
    Hit add(Tx tx, PrincipalId group, PrincipalId person, Instant at, String by);

    /** Missed where the person was not in the group. */
    Hit remove(Tx tx, PrincipalId group, PrincipalId person);

    /** By name, from after {@code after}. */
    List<PersonGroup.Member> members(Tx tx, PrincipalId group, Optional<SignInName> after, int limit);

    /** The groups that the person is in, by name. */
    List<PersonGroup> of(Tx tx, PrincipalId person);
}
