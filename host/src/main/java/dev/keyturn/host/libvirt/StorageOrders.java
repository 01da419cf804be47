package dev.keyturn.host.libvirt;

import dev.keyturn.core.model.DomainError;
import dev.keyturn.core.model.ErrorInfo;
import dev.keyturn.core.operation.Fence;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.util.SortedSet;
import java.util.concurrent.Callable;

/**
 * Questions and orders to a host's storage directory, none of which waits for ever where its file server is gone.
 * Thread-safe.
 */
final class StorageOrders implements AutoCloseable {
    /** So many times as long as a question may take an order to the storage directory. */
    private static final int BRIEFLY = 6;

    private final LibvirtSettings settings;
    private final Storage storage;
    private final Fences fences;
    private final NativeCalls questions;
    private final BriefOrders orders;

    StorageOrders(LibvirtSettings settings, Storage storage, Fences fences) {
        this.settings = settings;
        this.storage = storage;
        this.fences = fences;
        this.questions = NativeCalls.ofStorage(settings.name());
        this.orders = new BriefOrders(settings.name());
    }

    /** What the storage directory is asked is answered within the patience, or refused; a file server may be gone. */
    <T> T stored(Callable<T> question) {
        return questions.within(settings.patience(), question);
    }

    /** As {@link #stored}; where it cannot be read, refused with that code and these words. */
    <T> T read(String code, String problem, Callable<T> question) {
        return stored(() -> {
            try {
                return question.call();
            } catch (IOException e) {
                throw unreadable(code, problem, Reason.of(e));
            } catch (DirectoryIteratorException e) {
                throw unreadable(code, problem, String.valueOf(e.getMessage()));
            }
        });
    }

    private RuntimeException unreadable(String code, String problem, String why) {
        return new DomainError.Unavailable(ErrorInfo.at(settings.name(), code, problem + ": " + why + "."))
                .asException();
    }

    /** Looks first whether the storage answers: fences are there, and a file server that is gone would hold the order. */
    void ordered(Fence fence, SortedSet<String> subjects, Runnable work) {
        var _ = stored(storage::answers);
        fences.under(fence, subjects, work);
    }

    /** An order that only touches files: it is waited for no longer than a file server may take. */
    void briefly(String what, Fence fence, SortedSet<String> subjects, Runnable work) {
        orders.within(settings.patience().multipliedBy(BRIEFLY), what, () -> ordered(fence, subjects, work));
    }

    @Override
    public void close() {
        questions.close();
        orders.close();
    }
}
