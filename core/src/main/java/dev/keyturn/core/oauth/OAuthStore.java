package dev.keyturn.core.oauth;

import dev.keyturn.core.identity.PrincipalId;
import dev.keyturn.core.tx.CheckReturnValue;
import dev.keyturn.core.tx.Hit;
import dev.keyturn.core.tx.Tx;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * The rows of clients that people sign in with. What ends the sessions of a person ({@code PersonStore.signOut}, the
 * person's deletion) ends all of these as well.
 */
@CheckReturnValue
public interface OAuthStore {
    /** Missed, and nothing changed, where the user code is taken. */
    Hit insert(Tx tx, DeviceCode code);

    Optional<DeviceCode> deviceCode(Tx tx, String id);

    Optional<DeviceCode> byUserCode(Tx tx, String userCode);

    /** How many there are that expire after {@code now}. */
    long open(Tx tx, Instant now);

    /** As {@link #open(Tx, Instant)}, asked for from this address. */
    long open(Tx tx, Instant now, String address);

    /** Missed where it waits no longer, or expired by {@code now}. */
    Hit decide(Tx tx, String id, DeviceCode.State state, Optional<DeviceCode.Allowed> by, Instant now);

    /** Missed where there is none. */
    Hit deleteDeviceCode(Tx tx, String id);

    void insert(Tx tx, AuthorizationCode code);

    Optional<AuthorizationCode> authorizationCode(Tx tx, String id);

    /** Missed where it was given for something already. */
    Hit spend(Tx tx, String id, String signIn);

    void insert(Tx tx, ClientSignIn signIn);

    Optional<ClientSignIn> signIn(Tx tx, String id);

    /** Newest first. */
    List<ClientSignIn> signIns(Tx tx, PrincipalId person);

    /** {@code fresh} takes the place of the token that is good, which becomes the one before. Missed where there is none. */
    Hit renew(Tx tx, String id, String fresh, String salt, Instant at);

    /** Ends the oldest of the person, so that no more than {@code most} are left. */
    void keepNewest(Tx tx, PrincipalId person, int most);

    /** Missed where it had ended. */
    Hit deleteSignIn(Tx tx, String id);

    /** Codes that expired, and sign-ins that were made or renewed so long ago. */
    void deleteOver(Tx tx, Instant now, Instant createdBefore, Instant renewedBefore);
}
