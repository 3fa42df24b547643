package dev.namespaces.ffm.program;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/** A program's data while it is built; offsets count from its start. */
final class DataArea {

    private ByteBuffer bytes = ByteBuffer.allocate(256).order(ByteOrder.nativeOrder());

    /** By offset, the offset that the address there points to. */
    final Map<Integer, Integer> addresses = new HashMap<>();

    int add(byte[] content) {
        int offset = bytes.position();
        int padded = (content.length + 7) & ~7;
        if (bytes.remaining() < padded) {
            byte[] larger = Arrays.copyOf(bytes.array(), 2 * (offset + padded));
            bytes = ByteBuffer.wrap(larger).order(ByteOrder.nativeOrder()).position(offset);
        }
        bytes.put(content).position(offset + padded);
        return offset;
    }

    void word(int offset, long value) {
        bytes.putLong(offset, value);
    }

    void address(int offset, int target) {
        addresses.put(offset, target);
    }

    int words() {
        return bytes.position() / Long.BYTES;
    }

    long word(int index) {
        return bytes.getLong(index * Long.BYTES);
    }
}
