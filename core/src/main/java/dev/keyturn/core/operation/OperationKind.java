package dev.keyturn.core.operation;

/** Everything that Azure's API answers with 202. */
public enum OperationKind {
    CREATE_VM,
    UPDATE_VM,
    START_VM,
    POWER_OFF_VM,
    DEALLOCATE_VM,
    RESTART_VM,
    DELETE_VM,
    CREATE_DISK,
    UPDATE_DISK,
    DELETE_DISK,
    /** The end of images whose disks are gone (ours; nobody asks for it). */
    DELETE_IMAGES,
    /** The end of what failed half-way when a disk came to, or left, a VM that runs (ours; nobody asks for it). */
    UNPLUG_DISK,
    CREATE_DISK_SET,
    UPDATE_DISK_SET,
    DELETE_DISK_SET,
    /** The update of a disk encryption set that changes {@code activeKey}. */
    ROTATE_DISK_SET,
    /** The proof that every artifact of a set opens (ours). */
    VERIFY_DISK_SET,
    DELETE_GROUP
}
