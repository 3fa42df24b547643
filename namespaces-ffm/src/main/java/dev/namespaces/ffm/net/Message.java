package dev.namespaces.ffm.net;

import dev.namespaces.ffm.net.NetStruct.Nlmsghdr;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * One message of a datagram, which may hold several. Nothing is copied: a message is valid as long as the datagram's bytes are.
 *
 * @param datagram the bytes, in the machine's order
 * @param start where the message begins
 * @param end where it ends
 */
record Message(ByteBuffer datagram, int start, int end) {

    private static final int ALIGNMENT = 4;

    /** The first message of a datagram, or null if that is empty. */
    static @Nullable Message first(ByteBuffer datagram) throws MalformedMessageException {
        return at(datagram, 0);
    }

    /** The one behind it, or null if there is none. */
    @Nullable
    Message next() throws MalformedMessageException {
        return at(datagram, aligned(end));
    }

    private static @Nullable Message at(ByteBuffer datagram, int start) throws MalformedMessageException {
        int room = datagram.limit() - start;
        if (room <= 0) {
            return null;
        }
        if (room < Nlmsghdr.SIZE) {
            throw new MalformedMessageException(room + " bytes are no message");
        }
        int length = datagram.getInt(start + Nlmsghdr.LENGTH);
        if (length < Nlmsghdr.SIZE || length > room) {
            throw new MalformedMessageException(
                    "a message of " + Integer.toUnsignedString(length) + " bytes where there are " + room);
        }
        return new Message(datagram, start, start + length);
    }

    /** The next place at which a message or an attribute may begin. */
    static int aligned(int position) {
        return (position + ALIGNMENT - 1) & -ALIGNMENT;
    }

    int type() {
        return Short.toUnsignedInt(datagram.getShort(start + Nlmsghdr.TYPE));
    }

    int flags() {
        return Short.toUnsignedInt(datagram.getShort(start + Nlmsghdr.FLAGS));
    }

    boolean has(int flag) {
        return (flags() & flag) != 0;
    }

    int sequence() {
        return datagram.getInt(start + Nlmsghdr.SEQUENCE);
    }

    /** A field of what follows the header, which must be large enough. */
    int field8(int offset) throws MalformedMessageException {
        return Byte.toUnsignedInt(datagram.get(field(offset, Byte.BYTES)));
    }

    int field16(int offset) throws MalformedMessageException {
        return Short.toUnsignedInt(datagram.getShort(field(offset, Short.BYTES)));
    }

    int field32(int offset) throws MalformedMessageException {
        return datagram.getInt(field(offset, Integer.BYTES));
    }

    private int field(int offset, int size) throws MalformedMessageException {
        int position = start + Nlmsghdr.SIZE + offset;
        if (position + size > end) {
            throw new MalformedMessageException(
                    "a message of type " + type() + " has only " + (end - start) + " bytes");
        }
        return position;
    }

    /** The attributes, which begin behind a structure of a certain size. */
    Attributes attributes(int structure) throws MalformedMessageException {
        return Attributes.of(datagram, aligned(field(structure, 0)), end);
    }
}
