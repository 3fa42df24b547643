package dev.namespaces.ffm.net;

import dev.namespaces.ffm.net.NetStruct.SockaddrLl;
import dev.namespaces.ffm.net.NetStruct.Tpacket3Hdr;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * The format of a file of packets, pcap-savefile(5): with nanoseconds, and as of several interfaces of any hardware each packet behind a header of type LINUX_SLL2, which
 * says of which interface it is and which way it went.
 */
final class Pcap {

    /** The size of the file's header. */
    static final int HEADER = 24;
    /** In front of each packet: the header of a record, and that of LINUX_SLL2. */
    static final int BEFORE_PACKET = 36;

    private static final int MAGIC_OF_NANOSECONDS = 0xa1b23c4d;
    private static final short MAJOR = 2;
    private static final short MINOR = 4;
    private static final int LONGEST_PACKET = 262_144;
    private static final int LINUX_SLL2 = 276;
    private static final int SLL2 = 20;

    private static final ValueLayout.OfInt NATIVE = ValueLayout.JAVA_INT_UNALIGNED;
    private static final ValueLayout.OfInt BIG = NATIVE.withOrder(ByteOrder.BIG_ENDIAN);
    private static final ValueLayout.OfShort BIG_SHORT = ValueLayout.JAVA_SHORT_UNALIGNED
            .withOrder(ByteOrder.BIG_ENDIAN);

    private Pcap() {}

    /** Writes the header of a file. */
    static void begin(MemorySegment file) {
        file.fill((byte) 0);
        file.set(NATIVE, 0, MAGIC_OF_NANOSECONDS);
        file.set(ValueLayout.JAVA_SHORT_UNALIGNED, 4, MAJOR);
        file.set(ValueLayout.JAVA_SHORT_UNALIGNED, 6, MINOR);
        file.set(NATIVE, 16, LONGEST_PACKET);
        file.set(NATIVE, 20, LINUX_SLL2);
    }

    /**
     * Writes a record.
     *
     * @param ring where the packet is, behind a {@code struct tpacket3_hdr}
     * @param at where that is
     * @param file where the record goes
     * @param to where in there
     * @return the record's length
     */
    static int add(MemorySegment ring, long at, MemorySegment file, long to) {
        int captured = ring.get(ValueLayout.JAVA_INT, at + Tpacket3Hdr.CAPTURED);
        file.set(NATIVE, to, ring.get(ValueLayout.JAVA_INT, at + Tpacket3Hdr.SECONDS));
        file.set(NATIVE, to + 4, ring.get(ValueLayout.JAVA_INT, at + Tpacket3Hdr.NANOS));
        file.set(NATIVE, to + 8, SLL2 + captured);
        file.set(NATIVE, to + 12, SLL2 + ring.get(ValueLayout.JAVA_INT, at + Tpacket3Hdr.LENGTH));
        long address = at + Tpacket3Hdr.SIZE;
        MemorySegment.copy(ring, address + SockaddrLl.PROTOCOL, file, to + 16, Short.BYTES);
        file.set(BIG_SHORT, to + 18, (short) 0);
        file.set(BIG, to + 20, ring.get(ValueLayout.JAVA_INT, address + SockaddrLl.INDEX));
        file.set(BIG_SHORT, to + 24, ring.get(ValueLayout.JAVA_SHORT, address + SockaddrLl.HARDWARE_TYPE));
        MemorySegment.copy(ring, address + SockaddrLl.PACKET_TYPE, file, to + 26,
                SockaddrLl.SIZE - SockaddrLl.PACKET_TYPE);
        long data = at + ring.get(ValueLayout.JAVA_SHORT, at + Tpacket3Hdr.DATA);
        MemorySegment.copy(ring, data, file, to + BEFORE_PACKET, captured);
        return BEFORE_PACKET + captured;
    }
}
