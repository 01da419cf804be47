package dev.keyturn.core.image;

import dev.keyturn.core.host.ImageFile;
import java.util.List;

/**
 * The files that OS disks can be filled from: those below the images directory, which the operator puts there. Names
 * are as those of {@link ImageFile}. What a name leads to is looked at anew each time. Thread-safe; may block on the
 * file system, so it is never asked inside a transaction.
 */
public interface ImageCatalog {
    /** What there is under that name, which may be any text. */
    Finding find(String name);

    /** The last parts of the names of the files right in {@code folder}; none where there is no such folder. */
    List<String> filesIn(String folder);

    /** No files at all. */
    ImageCatalog EMPTY = new ImageCatalog() {
        @Override
        public Finding find(String name) {
            return new Finding.Missing("This server has no directory of images.");
        }

        @Override
        public List<String> filesIn(String folder) {
            return List.of();
        }
    };

    /** {@code why} is a sentence for whoever asked for the file; it tells no path outside the images directory. */
    sealed interface Finding {
        record Fit(BaseImage image) implements Finding {}

        record Missing(String why) implements Finding {}

        /** It is there and must not be used. */
        record Unfit(String why) implements Finding {}
    }
}
