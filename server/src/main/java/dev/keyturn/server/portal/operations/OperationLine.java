package dev.keyturn.server.portal.operations;

import dev.keyturn.core.model.ArmId;
import dev.keyturn.core.operation.Operation;
import dev.keyturn.server.portal.frame.Askers;
import dev.keyturn.server.portal.frame.Links;
import dev.keyturn.server.portal.frame.Trouble;
import java.time.Instant;
import java.util.Optional;

/**
 * An operation as a page tells it.
 *
 * @param what in words
 * @param href where its resource is, if a page shows such a one
 * @param state its class in the style
 */
public record OperationLine(
        String id,
        String what,
        String name,
        String group,
        Optional<String> href,
        String state,
        String word,
        Optional<Integer> percent,
        String who,
        Instant begun,
        Optional<Instant> ended,
        Optional<Trouble> error) {

    public static OperationLine of(Operation operation, Askers askers) {
        ArmId target = operation.target();
        return new OperationLine(
                operation.id().toString(),
                words(operation),
                target.name(),
                target.resourceGroup(),
                href(target),
                state(operation),
                word(operation),
                operation.running() ? operation.percentComplete() : Optional.empty(),
                askers.told(operation.requestedBy(), operation.startedAt()),
                operation.startedAt(),
                operation.endedAt(),
                operation.error().map(Trouble::of));
    }

    private static Optional<String> href(ArmId target) {
        return target.isGroup()
                ? Optional.of(Links.resourceGroup(target.resourceGroup()))
                : Optional.of(Links.resource(target)).filter(h -> !h.isEmpty());
    }

    /** What it does, as pages say it. */
    public static String words(Operation operation) {
        return switch (operation.kind()) {
            case CREATE_VM -> "Make the virtual machine";
            case UPDATE_VM -> "Change the virtual machine";
            case START_VM -> "Start";
            case POWER_OFF_VM -> "Stop";
            case DEALLOCATE_VM -> "Deallocate";
            case RESTART_VM -> "Restart";
            case DELETE_VM -> "Delete the virtual machine";
            case CREATE_DISK -> "Make the disk";
            case UPDATE_DISK -> "Change the disk";
            case DELETE_DISK -> "Delete the disk";
            case DELETE_IMAGES -> "Delete what is left of disks";
            case UNPLUG_DISK -> "Take a disk off";
            case CREATE_DISK_SET -> "Make the disk encryption set";
            case UPDATE_DISK_SET -> "Change the disk encryption set";
            case DELETE_DISK_SET -> "Delete the disk encryption set";
            case ROTATE_DISK_SET -> "Change the key";
            case VERIFY_DISK_SET -> "Verify every artifact";
            case DELETE_GROUP -> "Delete the resource group";
        };
    }

    private static String state(Operation operation) {
        return switch (operation.status()) {
            case IN_PROGRESS -> "working";
            case SUCCEEDED -> "done";
            case FAILED -> "error";
            case CANCELED -> "off";
        };
    }

    private static String word(Operation operation) {
        return switch (operation.status()) {
            case IN_PROGRESS -> "Running";
            case SUCCEEDED -> "Done";
            case FAILED -> "Failed";
            case CANCELED -> "Gave way";
        };
    }
}
