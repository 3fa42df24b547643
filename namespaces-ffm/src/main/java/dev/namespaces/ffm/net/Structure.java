package dev.namespaces.ffm.net;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** A structure of the kernel's that goes into an attribute, all zero but for what is set. */
final class Structure {

    private final byte[] bytes;
    private final ByteBuffer view;

    Structure(int size) {
        bytes = new byte[size];
        view = ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder());
    }

    Structure set8(int offset, int value) {
        view.put(offset, (byte) value);
        return this;
    }

    Structure set32(int offset, int value) {
        view.putInt(offset, value);
        return this;
    }

    byte[] bytes() {
        return bytes;
    }
}
