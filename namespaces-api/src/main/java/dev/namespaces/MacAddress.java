package dev.namespaces;

import java.util.HexFormat;
import java.util.regex.Pattern;

/**
 * The hardware address of an Ethernet interface.
 *
 * @param value its 48 bits, the first byte in the highest
 */
public record MacAddress(long value) {

    private static final Pattern TEXT = Pattern.compile("[0-9a-fA-F]{2}(:[0-9a-fA-F]{2}){5}");
    private static final int LENGTH = 6;
    private static final HexFormat HEX = HexFormat.ofDelimiter(":");

    /**
     * Checks the value.
     *
     * @throws IllegalArgumentException if it has more than 48 bits
     */
    public MacAddress {
        if (value >>> (LENGTH * Byte.SIZE) != 0) {
            throw new IllegalArgumentException("a MAC address has 48 bits: 0x" + Long.toHexString(value));
        }
    }

    /**
     * Reads an address.
     *
     * @param text such as {@code "02:00:00:00:00:01"}
     * @return the address
     * @throws IllegalArgumentException if it is no such text
     */
    public static MacAddress of(String text) {
        if (!TEXT.matcher(text).matches()) {
            throw new IllegalArgumentException("not a MAC address: \"" + text + "\"");
        }
        return of(HEX.parseHex(text));
    }

    /**
     * The address that bytes are.
     *
     * @param bytes six
     * @return the address
     * @throws IllegalArgumentException if there are fewer or more
     */
    public static MacAddress of(byte[] bytes) {
        if (bytes.length != LENGTH) {
            throw new IllegalArgumentException("a MAC address has 6 bytes, not " + bytes.length);
        }
        long value = 0;
        for (byte next : bytes) {
            value = (value << Byte.SIZE) | Byte.toUnsignedInt(next);
        }
        return new MacAddress(value);
    }

    /**
     * The bytes of the address.
     *
     * @return six, in a new array
     */
    public byte[] bytes() {
        byte[] bytes = new byte[LENGTH];
        for (int i = 0; i < LENGTH; i++) {
            bytes[i] = (byte) (value >>> ((LENGTH - 1 - i) * Byte.SIZE));
        }
        return bytes;
    }

    /**
     * Whether an interface can have it: it is not that of a group, and not zero.
     *
     * @return true if it can
     */
    public boolean isUnicast() {
        return value != 0 && ((value >>> ((LENGTH - 1) * Byte.SIZE)) & 1) == 0;
    }

    /** As {@link #of(String)} reads it. */
    @Override
    public String toString() {
        return HEX.formatHex(bytes());
    }
}
