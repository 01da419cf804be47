package dev.keyturn.host.libvirt;

/** Libvirt answered, and the answer is no. The message is libvirt's own; it carries no secret. */
final class LibvirtRefusedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    LibvirtRefusedException(String message, Throwable cause) {
        super(message, cause);
    }
}
