package dev.keyturn.keys.software;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.keyturn.core.keycrypto.PublicPart;
import dev.keyturn.core.model.SecretBytes;
import dev.keyturn.keys.software.ReadyKeys.Ready;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;

class ReadyKeysTest {
    private final Deque<Runnable> idle = new ArrayDeque<>();
    private final List<Integer> made = new ArrayList<>();
    private final List<String> orders = new ArrayList<>();
    private final ReadyKeys keys = new ReadyKeys(4, this::make, this::later);
    private boolean broken;

    private Ready make(int bits) {
        if (broken) {
            throw new IllegalStateException("no entropy");
        }
        made.add(bits);
        byte[] number = {(byte) made.size()};
        return new Ready(new PublicPart.Rsa(number, number), SecretBytes.adopt(number.clone()));
    }

    private void later(String principal, Runnable work) {
        orders.add(principal);
        idle.add(work);
    }

    private void rest() {
        while (!idle.isEmpty()) {
            idle.remove().run();
        }
    }

    /** What a request does. */
    private Optional<Ready> ask(int bits, String principal) {
        Optional<Ready> out = keys.take(bits, principal);
        keys.fill(bits, principal);
        return out;
    }

    @Test
    void size_thatNobodyAskedFor_isNotMade_andOneThatSomebodyDid_isFilledToItsBound() {
        assertThat(keys.take(2048, "ann")).isEmpty();
        rest();
        assertThat(made).as("the request may have been dropped").isEmpty();
        assertThat(ask(2048, "ann")).isEmpty();
        rest();
        assertThat(made).containsExactly(2048, 2048, 2048, 2048);
        assertThat(keys.ready(2048)).isEqualTo(4);
        assertThat(keys.ready(3072)).isZero();
    }

    @Test
    void keys_areGivenOutOnceEach() {
        assertThat(ask(2048, "ann")).isEmpty();
        List<Byte> given = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            rest();
            ask(2048, "ann").ifPresent(k -> given.add(k.pkcs8().reveal(b -> b[0])));
        }
        assertThat(given).hasSize(20);
        assertThat(new HashSet<>(given)).hasSize(20);
    }

    @Test
    void principal_takesHalfAtMost_untilItsOwnAreMadeAnew() {
        assertThat(ask(2048, "ann")).isEmpty();
        rest();
        assertThat(ask(2048, "ann")).isPresent();
        assertThat(ask(2048, "ann")).isPresent();
        assertThat(ask(2048, "ann")).as("what is left is for others").isEmpty();
        assertThat(ask(2048, "bob")).isPresent();
        assertThat(orders).endsWith("ann", "ann", "bob");
        idle.removeLast().run(); // in the place of bob's
        assertThat(ask(2048, "ann")).as("nothing was made for ann").isEmpty();
        idle.remove().run();
        assertThat(ask(2048, "ann")).isPresent();
        assertThat(ask(2048, "ann")).isEmpty();
    }

    @Test
    void get_whoseTurnComesAfterItsOwnKeyWasMadeInAdvance_takesThatOne() throws Exception {
        keys.fill(2048, "ann");
        Ready got = keys.get(2048, "ann", work -> {
            idle.remove().run();
            return work.call();
        });
        assertThat(made).hasSize(1);
        assertThat(got.part().n()).containsExactly(1);
        assertThat(keys.get(2048, "ann", Callable::call).part().n())
                .as("none is ready: it is made now")
                .containsExactly(2);
        assertThat(idle).as("half of them at a time").hasSize(2);
    }

    /** What is made for a principal waits until nothing else of that principal is here, which may be never. */
    @Test
    void principalWhoseKeysAreNeverMade_keepsHalfAtMostFromOthers() {
        assertThat(ask(2048, "ann")).isEmpty();
        assertThat(ask(2048, "ann")).isEmpty();
        List<Runnable> never = List.copyOf(idle);
        idle.clear();
        assertThat(ask(2048, "bob")).isEmpty();
        rest();
        assertThat(keys.ready(2048)).isEqualTo(2);
        assertThat(ask(2048, "bob")).isPresent();
        never.forEach(Runnable::run);
        rest();
        assertThat(keys.ready(2048)).isEqualTo(4);
    }

    @Test
    void failure_endsTheMaking_untilTheNextIsAskedFor() {
        broken = true;
        assertThat(ask(2048, "ann")).isEmpty();
        rest();
        assertThat(made).isEmpty();
        broken = false;
        assertThat(ask(2048, "ann")).isEmpty();
        rest();
        assertThat(keys.ready(2048)).isEqualTo(4);
    }

    @Test
    void close_zeroesWhatIsReady_andWhatIsStillBeingMade() {
        List<SecretBytes> secrets = new ArrayList<>();
        ReadyKeys watched = new ReadyKeys(
                2,
                bits -> {
                    Ready key = make(bits);
                    secrets.add(key.pkcs8());
                    return key;
                },
                this::later);
        watched.fill(2048, "ann");
        idle.remove().run();
        watched.close();
        rest();
        assertThat(secrets)
                .hasSize(2)
                .allSatisfy(s -> assertThatIllegalStateException().isThrownBy(() -> s.reveal(b -> b)));
        watched.fill(2048, "ann");
        assertThat(watched.take(2048, "ann")).isEmpty();
        assertThat(idle).isEmpty();
    }

    @Test
    void none_whereTheBoundIsZero() {
        ReadyKeys none = new ReadyKeys(0, this::make, this::later);
        none.fill(2048, "ann");
        assertThat(none.take(2048, "ann")).isEqualTo(Optional.empty());
        assertThat(idle).isEmpty();
    }
}
