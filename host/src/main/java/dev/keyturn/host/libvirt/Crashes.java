package dev.keyturn.host.libvirt;

import dev.keyturn.core.model.ErrorInfo;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.libvirt.event.DomainEvent;
import org.libvirt.event.DomainEventType;
import org.libvirt.event.StoppedDetail;

/** Which machines ended badly, from libvirt's events; nothing is known of the time when no server listened. Thread-safe. */
final class Crashes {
    private final Map<UUID, ErrorInfo> known = new ConcurrentHashMap<>();

    Optional<ErrorInfo> of(UUID vm) {
        return Optional.ofNullable(known.get(vm));
    }

    void forget(UUID vm) {
        known.remove(vm);
    }

    void note(UUID vm, DomainEvent event) {
        if (event.getType() == DomainEventType.STARTED) {
            known.remove(vm);
        } else if (event.getType() == DomainEventType.CRASHED) {
            known.put(vm, ErrorInfo.of("GuestCrashed", "The guest crashed (it told of a panic)."));
        } else if (event.getType() == DomainEventType.STOPPED) {
            StoppedDetail how = event.getDetail();
            if (how == StoppedDetail.CRASHED) {
                known.put(vm, ErrorInfo.of("GuestCrashed", "The guest crashed."));
            } else if (how == StoppedDetail.FAILED) {
                known.put(vm, ErrorInfo.of("MachineFailed", "The machine ended by a failure of QEMU or of the host."));
            }
        }
    }
}
