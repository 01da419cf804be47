package dev.keyturn.node.scenario;

import dev.keyturn.core.host.ImageFile;
import dev.keyturn.core.image.BaseImage;
import dev.keyturn.core.image.ImageCatalog;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Image files that a test says are there. */
final class TestImages implements ImageCatalog {
    private final Map<String, Finding> files = new ConcurrentHashMap<>();

    void add(String name, long bytes) {
        files.put(name, new Finding.Fit(new BaseImage(new ImageFile(name, ImageFile.Format.QCOW2), bytes)));
    }

    void addUnfit(String name, String why) {
        files.put(name, new Finding.Unfit(why));
    }

    @Override
    public Finding find(String name) {
        return files.getOrDefault(name, new Finding.Missing("There is no file '" + name + "' here."));
    }

    @Override
    public List<String> filesIn(String folder) {
        return files.keySet().stream()
                .filter(n -> n.startsWith(folder + "/"))
                .map(n -> n.substring(folder.length() + 1))
                .filter(n -> n.indexOf('/') < 0)
                .sorted()
                .toList();
    }
}
