package dev.keyturn.core.image;

import dev.keyturn.core.host.ImageFile;
import dev.keyturn.core.identity.Reaches.Reach;
import dev.keyturn.core.model.ArmId;
import dev.keyturn.core.tx.Hit;
import dev.keyturn.core.tx.Transactions;
import dev.keyturn.core.tx.Tx;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** Image files and managed images that a test says are there. */
final class ImagesInMemory implements ImageCatalog, ImageStore, Transactions {
    private static final Tx TX = new Tx() {};

    final List<String> files = new ArrayList<>();
    private final Map<ArmId, Image> images = new HashMap<>();

    @Override
    public Finding find(String name) {
        return files.contains(name)
                ? new Finding.Fit(new BaseImage(new ImageFile(name, ImageFile.Format.RAW), 2L << 30))
                : new Finding.Missing("There is no file '" + name + "'.");
    }

    @Override
    public List<String> filesIn(String folder) {
        return files.stream()
                .filter(f -> f.startsWith(folder + "/"))
                .map(f -> f.substring(folder.length() + 1))
                .toList();
    }

    @Override
    public Hit insert(Tx tx, Image image) {
        return Hit.of(images.putIfAbsent(image.id(), image) == null);
    }

    @Override
    public Optional<Image> find(Tx tx, ArmId id) {
        return Optional.ofNullable(images.get(id));
    }

    @Override
    public Hit update(Tx tx, Image image) {
        return Hit.of(images.replace(image.id(), image) != null);
    }

    @Override
    public Hit delete(Tx tx, ArmId id) {
        return Hit.of(images.remove(id) != null);
    }

    @Override
    public List<Image> page(Tx tx, String subscription, Reach reach, Optional<String> after, int limit) {
        return images.values().stream().limit(limit).toList();
    }

    @Override
    public <T> T read(Function<Tx, T> work) {
        return work.apply(TX);
    }

    @Override
    public <T> T write(Function<Tx, T> work) {
        return work.apply(TX);
    }
}
