package dev.keyturn.store.engine;

import java.io.Reader;
import java.io.StringReader;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.flywaydb.core.api.ResourceProvider;
import org.flywaydb.core.api.resource.LoadableResource;

/**
 * Gives Flyway the migrations that are named, and no other file that lies beside them: a build directory may still have
 * one that has moved to another module, and a version that is there twice is none.
 */
final class ListedMigrations implements ResourceProvider {
    private final List<LoadableResource> all;

    ListedMigrations(List<Migrations> modules) {
        all = modules.stream()
                .flatMap(m -> m.names().stream().<LoadableResource>map(n -> new Listed(m, n)))
                .toList();
    }

    @Override
    @SuppressWarnings("NullAway") // Flyway takes null for "there is none"
    public LoadableResource getResource(String name) {
        Optional<LoadableResource> found =
                all.stream().filter(r -> r.getAbsolutePath().equals(name)).findFirst();
        return found.orElse(null);
    }

    @Override
    public Collection<LoadableResource> getResources(String prefix, String[] suffixes) {
        return all.stream()
                .filter(r -> r.getFilename().startsWith(prefix)
                        && Stream.of(suffixes).anyMatch(r.getFilename()::endsWith))
                .toList();
    }

    private static final class Listed extends LoadableResource {
        private final Migrations module;
        private final String name;

        Listed(Migrations module, String name) {
            this.module = module;
            this.name = name;
        }

        @Override
        public Reader read() {
            return new StringReader(module.text(name));
        }

        @Override
        public String getAbsolutePath() {
            return module.directory() + "/" + name;
        }

        @Override
        public String getAbsolutePathOnDisk() {
            return getAbsolutePath();
        }

        @Override
        public String getFilename() {
            return name;
        }

        @Override
        public String getRelativePath() {
            return name; // what the history calls it
        }
    }
}
