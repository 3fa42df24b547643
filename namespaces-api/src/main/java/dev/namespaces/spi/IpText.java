package dev.namespaces.spi;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** IP addresses as text. Nothing here asks a name server. */
public final class IpText {

    private static final Pattern FOUR_NUMBERS = Pattern
            .compile("(\\d{1,3})\\.(\\d{1,3})\\.(\\d{1,3})\\.(\\d{1,3})");
    private static final Pattern IP6 = Pattern.compile("[0-9a-fA-F:]{2,39}");
    private static final int IP6_BYTES = 16;
    private static final int IP6_GROUPS = 8;

    private IpText() {}

    /**
     * Reads an address: four decimal numbers without leading zeros, or RFC 4291's form of IPv6 without a zone and without IPv4 in it.
     *
     * @param text such as {@code "10.9.0.1"} or {@code "fd00::1"}
     * @return the address
     * @throws IllegalArgumentException if it is no such text
     */
    public static InetAddress parse(String text) {
        Matcher four = FOUR_NUMBERS.matcher(text);
        if (four.matches()) {
            byte[] bytes = new byte[four.groupCount()];
            for (int i = 0; i < bytes.length; i++) {
                String number = four.group(i + 1);
                int value = Integer.parseInt(number);
                if (value > 255 || (number.length() > 1 && number.startsWith("0"))) {
                    throw noAddress(text);
                }
                bytes[i] = (byte) value;
            }
            return of(bytes);
        }
        if (!IP6.matcher(text).matches()) {
            throw noAddress(text);
        }
        try {
            return of(Inet6Address.ofLiteral(text).getAddress());
        } catch (IllegalArgumentException e) {
            throw noAddress(text);
        }
    }

    private static IllegalArgumentException noAddress(String text) {
        return new IllegalArgumentException("not an IP address: \"" + text + "\"");
    }

    /**
     * The address that bytes are, without a name. Sixteen are an IPv6 address, even one that stands for an IPv4 address.
     *
     * @param bytes four or sixteen
     * @return the address
     * @throws IllegalArgumentException if there are fewer or more
     */
    public static InetAddress of(byte[] bytes) {
        try {
            return bytes.length == IP6_BYTES
                    ? Inet6Address.getByAddress(null, bytes, -1)
                    : InetAddress.getByAddress(bytes);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException("an IP address has 4 or 16 bytes, not " + bytes.length, e);
        }
    }

    /**
     * Writes an address, IPv6 in the short form of RFC 5952.
     *
     * @param address the address
     * @return such as {@code "fd00::1"}
     */
    public static String of(InetAddress address) {
        byte[] bytes = address.getAddress();
        if (bytes.length != IP6_BYTES) {
            return address.getHostAddress();
        }
        int[] groups = new int[IP6_GROUPS];
        for (int i = 0; i < IP6_GROUPS; i++) {
            groups[i] = (Byte.toUnsignedInt(bytes[2 * i]) << Byte.SIZE) | Byte.toUnsignedInt(bytes[2 * i + 1]);
        }
        int gap = 0;
        int gapEnd = 0;
        for (int start = 0; start < IP6_GROUPS; start++) {
            int end = start;
            while (end < IP6_GROUPS && groups[end] == 0) {
                end++;
            }
            if (end - start > Math.max(1, gapEnd - gap)) {
                gap = start;
                gapEnd = end;
            }
        }
        return gapEnd == 0
                ? joined(groups, 0, IP6_GROUPS)
                : joined(groups, 0, gap) + "::" + joined(groups, gapEnd, IP6_GROUPS);
    }

    private static String joined(int[] groups, int from, int to) {
        StringBuilder text = new StringBuilder();
        for (int i = from; i < to; i++) {
            text.append(i == from ? "" : ":").append(Integer.toHexString(groups[i]));
        }
        return text.toString();
    }
}
