package dev.namespaces.ffm.net;

import dev.namespaces.Step;
import dev.namespaces.ffm.net.NetStruct.Nlattr;
import dev.namespaces.ffm.net.NetStruct.Nlmsghdr;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A message to the kernel while it is written, and what it is about, for the case that it is refused. */
public final class Request {

    private static final int USUAL_SIZE = 256;
    private static final int USUAL_ATTRIBUTES = 16;
    /** What the two bytes of an attribute's length can say. */
    private static final int LONGEST_ATTRIBUTE = 0xffff;

    private final Step step;
    private final String detail;
    private @Nullable String module;
    private boolean outside;
    private boolean over;
    private ByteBuffer bytes = ByteBuffer.allocate(USUAL_SIZE).order(ByteOrder.nativeOrder());
    private Attribute[] attributes = new Attribute[USUAL_ATTRIBUTES];
    private int[] positions = new int[USUAL_ATTRIBUTES];
    private int count;

    /**
     * Begins a message.
     *
     * @param type {@code RTM_…}
     * @param flags {@code NLM_F_…}
     * @param structure the size of the structure behind the header, all zero for now
     * @param step what it does
     * @param detail to what
     */
    Request(int type, int flags, int structure, Step step, String detail) {
        this.step = step;
        this.detail = detail;
        bytes.putShort(Nlmsghdr.TYPE, (short) type).putShort(Nlmsghdr.FLAGS, (short) flags);
        bytes.position(Message.aligned(Nlmsghdr.SIZE + structure));
    }

    /** Names the module that the kernel may lack for it. */
    Request needing(String name) {
        module = name;
        return this;
    }

    /** Says that it reaches from the network of this process into another. */
    Request fromOutside() {
        outside = true;
        return this;
    }

    /** Says that it reaches into one more namespace. */
    Request reachingOver() {
        over = true;
        return this;
    }

    /** Sets a field of the structure behind the header. */
    Request field8(int offset, int value) {
        bytes.put(Nlmsghdr.SIZE + offset, (byte) value);
        return this;
    }

    Request field16(int offset, int value) {
        bytes.putShort(Nlmsghdr.SIZE + offset, (short) value);
        return this;
    }

    Request field32(int offset, int value) {
        bytes.putInt(Nlmsghdr.SIZE + offset, value);
        return this;
    }

    Request u32(Attribute attribute, int value) {
        begin(attribute, 0, Integer.BYTES);
        bytes.putInt(value);
        return this;
    }

    /** In network byte order. */
    Request be32(Attribute attribute, int value) {
        return u32(attribute, bytes.order() == ByteOrder.BIG_ENDIAN ? value : Integer.reverseBytes(value));
    }

    Request u64(Attribute attribute, long value) {
        begin(attribute, 0, Long.BYTES);
        bytes.putLong(value);
        return this;
    }

    /** Text with the NUL at its end. */
    Request text(Attribute attribute, String value) {
        byte[] text = value.getBytes(StandardCharsets.UTF_8);
        return bytes(attribute, Arrays.copyOf(text, text.length + 1));
    }

    Request bytes(Attribute attribute, byte[] value) {
        begin(attribute, 0, value.length);
        return raw(value);
    }

    /** What is no attribute, such as a structure in front of some. */
    Request raw(byte[] value) {
        room(value.length);
        bytes.put(value);
        bytes.position(Message.aligned(bytes.position()));
        return this;
    }

    /** An attribute that contains what is written meanwhile. */
    Request nest(Attribute attribute, Runnable content) {
        int position = begin(attribute, Rtnetlink.NLA_F_NESTED, 0);
        content.run();
        length(position, bytes.position() - position);
        return this;
    }

    private int begin(Attribute attribute, int flags, int length) {
        room(Nlattr.SIZE + length);
        if (count == attributes.length) {
            attributes = Arrays.copyOf(attributes, 2 * count);
            positions = Arrays.copyOf(positions, 2 * count);
        }
        int position = bytes.position();
        attributes[count] = attribute;
        positions[count++] = position;
        length(position, Nlattr.SIZE + length);
        bytes.putShort(position + Nlattr.TYPE, (short) (flags | attribute.number()));
        bytes.position(position + Nlattr.SIZE);
        return position;
    }

    private void length(int position, int length) {
        if (length > LONGEST_ATTRIBUTE) {
            throw new IllegalArgumentException("too long for a message: " + length + " bytes (" + detail + ")");
        }
        bytes.putShort(position + Nlattr.LENGTH, (short) length);
    }

    private void room(int more) {
        int needed = Message.aligned(bytes.position() + more);
        if (needed > bytes.capacity()) {
            ByteBuffer larger = ByteBuffer.allocate(Math.max(needed, 2 * bytes.capacity()))
                    .order(ByteOrder.nativeOrder());
            larger.put(bytes.flip());
            bytes = larger;
        }
    }

    int type() {
        return Short.toUnsignedInt(bytes.getShort(Nlmsghdr.TYPE));
    }

    int length() {
        return bytes.position();
    }

    /** Copies the message to the end of a datagram that has room for it. */
    void appendTo(ByteBuffer datagram, int sequence, int moreFlags) {
        int start = datagram.position();
        datagram.put(bytes.array(), 0, length());
        datagram.putInt(start + Nlmsghdr.LENGTH, length());
        datagram.putShort(start + Nlmsghdr.FLAGS,
                (short) (bytes.getShort(Nlmsghdr.FLAGS) | Rtnetlink.NLM_F_REQUEST | moreFlags));
        datagram.putInt(start + Nlmsghdr.SEQUENCE, sequence);
    }

    /** The innermost attribute at or around an offset, or null where there is none. */
    @Nullable
    Attribute attributeAt(int offset) {
        Attribute found = null;
        for (int i = 0; i < count; i++) {
            int length = Short.toUnsignedInt(bytes.getShort(positions[i] + Nlattr.LENGTH));
            if (positions[i] <= offset && offset < positions[i] + length) {
                found = Objects.requireNonNull(attributes[i]);
            }
        }
        return found;
    }

    Step step() {
        return step;
    }

    String detail() {
        return detail;
    }

    boolean isFromOutside() {
        return outside;
    }

    boolean reachesOver() {
        return over;
    }

    @Nullable
    String module() {
        return module;
    }
}
