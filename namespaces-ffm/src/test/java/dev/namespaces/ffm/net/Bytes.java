package dev.namespaces.ffm.net;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** Messages made by hand, byte by byte: nothing here shares code with what is tested. */
final class Bytes {

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    private static ByteBuffer native4(int value) {
        return ByteBuffer.allocate(4).order(ByteOrder.nativeOrder()).putInt(0, value);
    }

    private static ByteBuffer native2(int value) {
        return ByteBuffer.allocate(2).order(ByteOrder.nativeOrder()).putShort(0, (short) value);
    }

    Bytes u8(int... values) {
        for (int value : values) {
            bytes.write(value);
        }
        return this;
    }

    Bytes u16(int value) {
        bytes.writeBytes(native2(value).array());
        return this;
    }

    Bytes u32(int... values) {
        for (int value : values) {
            bytes.writeBytes(native4(value).array());
        }
        return this;
    }

    Bytes u64(long value) {
        bytes.writeBytes(ByteBuffer.allocate(8).order(ByteOrder.nativeOrder()).putLong(0, value).array());
        return this;
    }

    Bytes text(String text) {
        bytes.writeBytes(text.getBytes(StandardCharsets.UTF_8));
        return this;
    }

    Bytes add(Bytes more) {
        bytes.writeBytes(more.array());
        return this;
    }

    Bytes padded() {
        while (bytes.size() % 4 != 0) {
            bytes.write(0);
        }
        return this;
    }

    /** An attribute, padded. */
    static Bytes attribute(int type, Bytes content) {
        return new Bytes().u16(4 + content.array().length).u16(type).add(content).padded();
    }

    /** A message, padded. */
    static Bytes message(int type, int flags, int sequence, Bytes content) {
        return new Bytes().u32(16 + content.array().length).u16(type).u16(flags).u32(sequence).u32(0).add(content)
                .padded();
    }

    /** The answer to a request, with the header of that. */
    static Bytes error(int flags, int sequence, int errno, Bytes details) {
        return message(2, flags, sequence,
                new Bytes().u32(-errno).u32(16).u16(16).u16(5).u32(sequence).u32(0).add(details));
    }

    byte[] array() {
        return bytes.toByteArray();
    }

    ByteBuffer buffer() {
        return ByteBuffer.wrap(array()).order(ByteOrder.nativeOrder());
    }
}
