package dev.keyturn.store;

import static dev.keyturn.store.Samples.NOW;
import static dev.keyturn.store.Samples.SUBSCRIPTION;
import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.core.host.ImageFile;
import dev.keyturn.core.image.Image;
import dev.keyturn.core.image.OsType;
import dev.keyturn.core.model.ArmId;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

abstract class ImageStoreContract extends StoreContract {
    private static final ImageFile FILE = new ImageFile("debian/12.qcow2", ImageFile.Format.QCOW2);

    private static ArmId id(String name) {
        return new ArmId(SUBSCRIPTION, "rg", Image.TYPE, name);
    }

    private Image inserted(String name) {
        Image image = new Image(Samples.head(id(name)), FILE, OsType.LINUX, 3);
        assertThat(did(tx -> stores.images().insert(tx, image))).isTrue();
        return image;
    }

    @Test
    void find_returnsWhatWasInserted_inAnyCase() {
        Image image = inserted("Debian");
        assertThat(one(tx -> stores.images().find(tx, id("dEBIAN")))).contains(image);
        assertThat(did(tx -> stores.images().insert(tx, image))).isFalse();
        assertThat(one(tx -> stores.images().find(tx, id("other")))).isEmpty();
    }

    @Test
    void update_isACompareAndSet() {
        Image image = inserted("debian");
        Image next = new Image(
                image.head().with(Map.of("a", "b"), "{\"x\":1}", NOW),
                new ImageFile("debian/13.raw", ImageFile.Format.RAW),
                OsType.WINDOWS,
                64);
        assertThat(did(tx -> stores.images().update(tx, next))).isTrue();
        assertThat(did(tx -> stores.images().update(tx, next))).isFalse();
        assertThat(one(tx -> stores.images().find(tx, id("debian")))).contains(next);
    }

    @Test
    void delete_takesTheRowWithItsHead() {
        inserted("debian");
        assertThat(did(tx -> stores.images().delete(tx, id("debian")))).isTrue();
        assertThat(did(tx -> stores.images().delete(tx, id("debian")))).isFalse();
        assertThat(one(tx -> stores.images().find(tx, id("debian")))).isEmpty();
        inserted("debian");
    }

    @Test
    void page_walksById() {
        Image b = inserted("b");
        Image a = inserted("a");
        Image c = inserted("c");
        assertThat(many(tx -> stores.images().page(tx, SUBSCRIPTION, Optional.of("rg"), Optional.empty(), 2)))
                .containsExactly(a, b);
        assertThat(many(tx -> stores.images().page(tx, SUBSCRIPTION, Optional.empty(), Optional.of(b.id().key()), 9)))
                .containsExactly(c);
        assertThat(many(tx -> stores.images().page(tx, SUBSCRIPTION, Optional.of("other"), Optional.empty(), 9)))
                .isEmpty();
    }
}
