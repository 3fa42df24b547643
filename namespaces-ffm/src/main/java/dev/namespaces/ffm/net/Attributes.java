package dev.namespaces.ffm.net;

import dev.namespaces.ffm.net.NetStruct.Nlattr;
import dev.namespaces.spi.IpText;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.OptionalInt;

/** The attributes of a message, or of an attribute that has some. Those that nobody knows are passed over; of two alike the last counts. */
final class Attributes {

    private static final Attributes NONE = new Attributes(ByteBuffer.allocate(0));

    private final ByteBuffer bytes;
    /** Where each begins, by its number; 0 where there is none, as a header comes before. */
    private final int[] positions = new int[Attribute.NUMBERS];

    private Attributes(ByteBuffer bytes) {
        this.bytes = bytes;
    }

    static Attributes of(ByteBuffer bytes, int from, int to) throws MalformedMessageException {
        Attributes found = new Attributes(bytes);
        int at = from;
        while (at < to) {
            int room = to - at;
            int length = room < Nlattr.SIZE ? 0 : Short.toUnsignedInt(bytes.getShort(at + Nlattr.LENGTH));
            if (length < Nlattr.SIZE || length > room) {
                throw new MalformedMessageException("an attribute of " + length + " bytes where there are " + room);
            }
            int number = bytes.getShort(at + Nlattr.TYPE) & Rtnetlink.NLA_TYPE_MASK;
            if (number < found.positions.length) {
                found.positions[number] = at;
            }
            at = Message.aligned(at + length);
        }
        return found;
    }

    boolean has(Attribute attribute) {
        return positions[attribute.number()] != 0;
    }

    /** Those inside an attribute, none where it is absent. */
    Attributes nested(Attribute attribute) throws MalformedMessageException {
        return has(attribute) ? of(bytes, start(attribute), end(attribute)) : NONE;
    }

    int u8(Attribute attribute, int otherwise) throws MalformedMessageException {
        return has(attribute) ? Byte.toUnsignedInt(bytes.get(start(attribute, Byte.BYTES))) : otherwise;
    }

    int u32(Attribute attribute, int otherwise) throws MalformedMessageException {
        return has(attribute) ? bytes.getInt(start(attribute, Integer.BYTES)) : otherwise;
    }

    OptionalInt u32(Attribute attribute) throws MalformedMessageException {
        return has(attribute) ? OptionalInt.of(u32(attribute, 0)) : OptionalInt.empty();
    }

    /** A number of a structure that is an attribute's content. */
    int u32At(Attribute attribute, int offset) throws MalformedMessageException {
        return bytes.getInt(start(attribute, offset + Integer.BYTES) + offset);
    }

    /** Text, empty where it is absent; NUL ends it. */
    String text(Attribute attribute) {
        if (!has(attribute)) {
            return "";
        }
        byte[] text = bytes(attribute, 0);
        int length = 0;
        while (length < text.length && text[length] != 0) {
            length++;
        }
        return new String(text, 0, length, StandardCharsets.UTF_8);
    }

    Optional<InetAddress> address(Attribute attribute) throws MalformedMessageException {
        return has(attribute) ? Optional.of(address(attribute, 0)) : Optional.empty();
    }

    /** An address that begins at an offset of an attribute's content. */
    InetAddress address(Attribute attribute, int offset) throws MalformedMessageException {
        int length = end(attribute) - start(attribute, offset) - offset;
        if (!Families.isLength(length)) {
            throw new MalformedMessageException(attribute + " is an address of " + length + " bytes");
        }
        return IpText.of(bytes(attribute, offset));
    }

    /** What is in an attribute that is there. */
    byte[] bytes(Attribute attribute) {
        return bytes(attribute, 0);
    }

    private byte[] bytes(Attribute attribute, int offset) {
        int start = start(attribute) + offset;
        byte[] copy = new byte[end(attribute) - start];
        bytes.get(start, copy);
        return copy;
    }

    ByteBuffer datagram() {
        return bytes;
    }

    int start(Attribute attribute) {
        return positions[attribute.number()] + Nlattr.SIZE;
    }

    int end(Attribute attribute) {
        int position = positions[attribute.number()];
        return position + Short.toUnsignedInt(bytes.getShort(position + Nlattr.LENGTH));
    }

    private int start(Attribute attribute, int size) throws MalformedMessageException {
        int start = start(attribute);
        if (end(attribute) - start < size) {
            throw new MalformedMessageException(
                    attribute + " has " + (end(attribute) - start) + " bytes instead of " + size);
        }
        return start;
    }
}
