package dev.keyturn.core.disk;

/** A disk and the state it is in by the VM it is attached to. */
public record DiskView(Disk disk, DiskState state) {}
