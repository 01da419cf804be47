package dev.keyturn.core.people;

import dev.keyturn.core.identity.PrincipalId;
import dev.keyturn.core.tx.CheckReturnValue;
import dev.keyturn.core.tx.Hit;
import dev.keyturn.core.tx.Tx;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** The rows of people, their links and their sessions. */
@CheckReturnValue
public interface PersonStore {
    /** Without a password. Missed, and nothing changed, where id or name is taken. */
    Hit insert(Tx tx, Person person);

    Optional<Person> find(Tx tx, PrincipalId id);

    Optional<Person> find(Tx tx, SignInName name);

    /** By name, from after {@code after}. */
    List<Person> page(Tx tx, Optional<SignInName> after, int limit);

    boolean any(Tx tx);

    /** Missed where there is no such person. */
    Hit rename(Tx tx, PrincipalId id, String displayName);

    /** The hash of the person's password; empty where there is none, or no such person. */
    Optional<String> password(Tx tx, PrincipalId id);

    /** Missed where there is no such person. */
    Hit setPassword(Tx tx, PrincipalId id, String hash, boolean mustChange);

    /** Nobody can sign in with a password as this person any more. */
    void forgetPassword(Tx tx, PrincipalId id);

    /** Deletes the person with links and sessions; role assignments are another store's. Missed where there was none. */
    Hit delete(Tx tx, PrincipalId id);

    /** Takes the place of the person's earlier link. */
    void put(Tx tx, Link link);

    Optional<Link> link(Tx tx, String id);

    void insert(Tx tx, Session session);

    Optional<Session> session(Tx tx, String id);

    /** Ends the oldest sessions of the person, so that no more than {@code most} are left. */
    void keepNewest(Tx tx, PrincipalId person, int most);

    /** Newest first. */
    List<Session> sessions(Tx tx, PrincipalId person);

    /** Nothing happens where it has ended. */
    void seen(Tx tx, String id, Instant at);

    /** Nothing happens where it had ended. */
    void deleteSession(Tx tx, String id);

    /** All sessions of the person, the link, and every client in which the person is signed in. */
    void signOut(Tx tx, PrincipalId person);

    /** As {@link #signOut}, of everybody. */
    void signOutAll(Tx tx);

    /** Every client in which the person is signed in. */
    void leaveClients(Tx tx, PrincipalId person);

    /** Links that expired, and sessions that were made or seen so long ago. */
    void deleteOver(Tx tx, Instant now, Instant createdBefore, Instant seenBefore);
}
