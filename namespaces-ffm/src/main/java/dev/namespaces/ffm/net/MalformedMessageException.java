package dev.namespaces.ffm.net;

/** Bytes that are no netlink message, or one that contradicts itself. */
final class MalformedMessageException extends Exception {

    private static final long serialVersionUID = 1L;

    MalformedMessageException(String message) {
        super(message);
    }
}
