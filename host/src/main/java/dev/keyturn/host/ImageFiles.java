package dev.keyturn.host;

import dev.keyturn.core.host.ImageFile;
import java.nio.file.Path;

/** The operator's image files, for a host that fills disks from them. Thread-safe. */
public interface ImageFiles {
    /**
     * Checks the file as it is now and holds it: whatever its name leads to later, what was checked is read.
     *
     * @throws UnusableImageException where it is not there or not fit, as a sentence
     */
    Opened open(ImageFile file) throws UnusableImageException;

    /** A file that was found fit. Not thread-safe. */
    interface Opened extends AutoCloseable {
        /** For programs that this process starts, until it is closed. */
        Path path();

        /** Of the disk in it. */
        long bytes();

        /**
         * To be asked after the file was used: somebody who may write it can change it while it is read.
         *
         * @throws UnusableImageException where it is not as it was when it was checked, or is not fit any more
         */
        void unchanged() throws UnusableImageException;

        @Override
        void close();
    }
}
