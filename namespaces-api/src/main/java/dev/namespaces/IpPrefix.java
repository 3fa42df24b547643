package dev.namespaces;

import dev.namespaces.spi.IpText;
import java.net.InetAddress;
import java.util.Arrays;

/**
 * An IP address and how many of its bits name the network: {@code 10.9.0.0/24} is a network, {@code 10.9.0.7/24} an address in it.
 *
 * @param address the address
 * @param length the number of bits, up to 32 with IPv4 and 128 with IPv6
 */
public record IpPrefix(InetAddress address, int length) {

    /** All of IPv4: the destination of a default route. */
    public static final IpPrefix ALL_IP4 = new IpPrefix(IpText.of(new byte[4]), 0);
    /** All of IPv6: the destination of a default route. */
    public static final IpPrefix ALL_IP6 = new IpPrefix(IpText.of(new byte[16]), 0);

    /**
     * Checks the length. What the address knows of a host name or of a zone is forgotten.
     *
     * @throws IllegalArgumentException if the address has fewer bits than that
     */
    public IpPrefix {
        address = IpText.of(address.getAddress());
        int bits = address.getAddress().length * Byte.SIZE;
        if (length < 0 || length > bits) {
            throw new IllegalArgumentException(
                    "the length of a prefix must lie between 0 and " + bits + ": " + IpText.of(address) + "/" + length);
        }
    }

    /**
     * Reads a prefix. Nothing is looked up: host names, zones, abbreviated IPv4 and IPv4 within IPv6 are refused.
     *
     * @param text such as {@code "10.9.0.0/24"} or {@code "fd00::1/64"}; without a length, all bits count
     * @return the prefix
     * @throws IllegalArgumentException if it is no such text
     */
    public static IpPrefix of(String text) {
        int slash = text.indexOf('/');
        if (slash < 0) {
            return of(IpText.parse(text));
        }
        String length = text.substring(slash + 1);
        if (!length.matches("0|[1-9]\\d{0,2}")) {
            throw new IllegalArgumentException("not the length of a prefix: \"" + text + "\"");
        }
        return new IpPrefix(IpText.parse(text.substring(0, slash)), Integer.parseInt(length));
    }

    /**
     * A single address.
     *
     * @param address the address
     * @return the prefix of all its bits
     */
    public static IpPrefix of(InetAddress address) {
        return new IpPrefix(address, address.getAddress().length * Byte.SIZE);
    }

    /**
     * Whether this is IPv6.
     *
     * @return false for IPv4
     */
    public boolean isIp6() {
        return address.getAddress().length != 4;
    }

    /**
     * The network, without the bits that name a host in it.
     *
     * @return such as {@code 10.9.0.0/24} for {@code 10.9.0.7/24}
     */
    public IpPrefix network() {
        return new IpPrefix(IpText.of(masked(address)), length);
    }

    /**
     * Whether no bit names a host.
     *
     * @return true for {@code 10.9.0.0/24}, false for {@code 10.9.0.7/24}
     */
    public boolean isNetwork() {
        return network().equals(this);
    }

    /**
     * Whether an address lies in the network.
     *
     * @param other of either family
     * @return false if it does not, or is of the other family
     */
    public boolean contains(InetAddress other) {
        return other.getAddress().length == address.getAddress().length
                && Arrays.equals(masked(other), masked(address));
    }

    /**
     * Whether some address lies in both networks.
     *
     * @param other of either family
     * @return false if there is none
     */
    public boolean overlaps(IpPrefix other) {
        return length < other.length ? contains(other.address) : other.contains(address);
    }

    private byte[] masked(InetAddress any) {
        byte[] bytes = any.getAddress();
        for (int i = 0; i < bytes.length; i++) {
            int kept = Math.clamp(length - (long) i * Byte.SIZE, 0, Byte.SIZE);
            bytes[i] &= (byte) (0xff00 >> kept);
        }
        return bytes;
    }

    /** As {@link #of(String)} reads it. */
    @Override
    public String toString() {
        return IpText.of(address) + "/" + length;
    }
}
