package dev.namespaces.ffm.net;

import dev.namespaces.NamespaceException;
import dev.namespaces.Step;
import dev.namespaces.ffm.linux.Linux;
import dev.namespaces.ffm.linux.Native;
import dev.namespaces.ffm.linux.Struct;
import dev.namespaces.ffm.linux.Syscalls;
import dev.namespaces.ffm.net.NetStruct.SockaddrLl;
import dev.namespaces.ffm.net.NetStruct.Tpacket3Hdr;
import dev.namespaces.ffm.net.NetStruct.TpacketBlock;
import dev.namespaces.ffm.net.NetStruct.TpacketReq3;
import dev.namespaces.ffm.net.NetStruct.TpacketStats;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/**
 * Memory that the kernel puts the packets of a network into, of all its interfaces; packet(7), TPACKET_V3. A socket's own queue would be too short for a burst, and only the host's root may
 * make it longer.
 *
 * <p>
 * It consists of blocks, which the kernel fills one after the other. It hands one over when that is full, or some time after its first packet; then the socket is readable. Where
 * none is left, packets are dropped, and counted.
 *
 * <p>
 * The descriptor stays the caller's. One thread takes.
 */
public final class PacketRing implements AutoCloseable {

    /** The family of such a socket. */
    public static final int FAMILY = Linux.AF_PACKET;
    /** The size of a block, and of what {@link #take} needs room for. */
    public static final int BLOCK = 256 * 1024;

    private static final int BLOCKS = 128;
    private static final int RETIRE_MILLIS = 10;
    /** Has no effect on blocks of many packets, but is checked. */
    private static final int FRAME = 2048;

    private static final long ACCEPT = instruction(Linux.BPF_RET_K, 0, 0, -1);
    private static final long REFUSE = instruction(Linux.BPF_RET_K, 0, 0, 0);

    private static final VarHandle WORD = ValueLayout.JAVA_INT.varHandle();

    private final MemorySegment memory;
    private int current;

    private PacketRing(MemorySegment memory) {
        this.memory = memory;
    }

    /**
     * What was taken.
     *
     * @param packets how many
     * @param bytes how long they are in the file
     */
    public record Taken(int packets, int bytes) {}

    /**
     * Sets a socket up, into which nothing comes until {@link #start}.
     *
     * @param socket a descriptor, {@code socket(AF_PACKET, SOCK_DGRAM, 0)}, made in whatever namespace
     * @return its ring
     * @throws NamespaceException if the kernel refuses it, for want of memory
     */
    public static PacketRing of(int socket) throws NamespaceException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment version = arena.allocateFrom(ValueLayout.JAVA_INT, Linux.TPACKET_V3);
            checked(Syscalls.setsockopt(socket, Linux.SOL_PACKET, Linux.PACKET_VERSION, version.address(),
                    Integer.BYTES));
            MemorySegment ring = arena.allocate(TpacketReq3.SIZE, Integer.BYTES);
            ring.set(ValueLayout.JAVA_INT, TpacketReq3.BLOCK_SIZE, BLOCK);
            ring.set(ValueLayout.JAVA_INT, TpacketReq3.BLOCK_COUNT, BLOCKS);
            ring.set(ValueLayout.JAVA_INT, TpacketReq3.FRAME_SIZE, FRAME);
            ring.set(ValueLayout.JAVA_INT, TpacketReq3.FRAME_COUNT, BLOCK / FRAME * BLOCKS);
            ring.set(ValueLayout.JAVA_INT, TpacketReq3.RETIRE_MILLIS, RETIRE_MILLIS);
            checked(Syscalls.setsockopt(socket, Linux.SOL_PACKET, Linux.PACKET_RX_RING, ring.address(),
                    TpacketReq3.SIZE));
        }
        long size = (long) BLOCK * BLOCKS;
        long address = checked(Syscalls.mmap(size, Linux.PROT_READ | Linux.PROT_WRITE, Linux.MAP_SHARED, socket));
        return new PacketRing(Native.memory().asSlice(address, size));
    }

    /**
     * Lets packets in. What goes out through a loopback interface comes in again, and is left out once.
     *
     * @param socket the ring's
     * @throws NamespaceException if the kernel refuses it
     */
    public static void start(int socket) throws NamespaceException {
        checked(filter(socket, instruction(Linux.BPF_LD_W_ABS, 0, 0, Linux.SKF_AD_OFF + Linux.SKF_AD_PKTTYPE),
                instruction(Linux.BPF_JEQ_K, 0, 2, Linux.PACKET_OUTGOING),
                instruction(Linux.BPF_LD_W_ABS, 0, 0, Linux.SKF_AD_OFF + Linux.SKF_AD_HATYPE),
                instruction(Linux.BPF_JEQ_K, 1, 0, Linux.ARPHRD_LOOPBACK), ACCEPT, REFUSE));
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment everything = arena.allocate(SockaddrLl.SIZE, Integer.BYTES);
            everything.set(ValueLayout.JAVA_SHORT, SockaddrLl.FAMILY, (short) Linux.AF_PACKET);
            everything.set(ValueLayout.JAVA_SHORT.withOrder(ByteOrder.BIG_ENDIAN), SockaddrLl.PROTOCOL,
                    (short) Linux.ETH_P_ALL);
            checked(Syscalls.bind(socket, everything.address(), SockaddrLl.SIZE));
        }
    }

    /**
     * Keeps further packets out, by a filter: a socket that was bound cannot be bound to nothing again.
     *
     * @param socket the ring's
     * @return a negative error number if the kernel refuses it
     */
    public static long stop(int socket) {
        return filter(socket, REFUSE);
    }

    private static long instruction(int code, int ifTrue, int ifFalse, int k) {
        return code | (long) ifTrue << 16 | (long) ifFalse << 24 | (long) k << 32;
    }

    private static int filter(int socket, long... instructions) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment filter = arena.allocate(Struct.SockFprog.SIZE, Long.BYTES);
            filter.set(ValueLayout.JAVA_SHORT, Struct.SockFprog.LENGTH, (short) instructions.length);
            filter.set(ValueLayout.JAVA_LONG, Struct.SockFprog.FILTER,
                    arena.allocateFrom(ValueLayout.JAVA_LONG, instructions).address());
            return Syscalls.setsockopt(socket, Linux.SO_ATTACH_FILTER, filter.address(), Struct.SockFprog.SIZE);
        }
    }

    /**
     * How many packets found no room since this was last asked.
     *
     * @param socket the ring's
     * @return their number, or a negative error number
     */
    public static long dropped(int socket) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment statistics = arena.allocate(TpacketStats.SIZE, Integer.BYTES);
            MemorySegment length = arena.allocateFrom(ValueLayout.JAVA_INT, TpacketStats.SIZE);
            int result = Syscalls.getsockopt(socket, Linux.SOL_PACKET, Linux.PACKET_STATISTICS, statistics.address(),
                    length.address());
            return result < 0
                    ? result
                    : Integer.toUnsignedLong(statistics.get(ValueLayout.JAVA_INT, TpacketStats.DROPS));
        }
    }

    /**
     * Writes the header of a file of packets.
     *
     * @param file where to
     * @return its length
     */
    public static int begin(MemorySegment file) {
        Pcap.begin(file.asSlice(0, Pcap.HEADER));
        return Pcap.HEADER;
    }

    /**
     * Takes the packets of a block, as they are written to a file, if there is a block to take.
     *
     * @param file where to, with room for a block
     * @return what there was, or null if nothing
     */
    public @Nullable Taken take(MemorySegment file) {
        MemorySegment block = block();
        if (((int) WORD.getAcquire(block, (long) TpacketBlock.STATUS) & Linux.TP_STATUS_USER) == 0) {
            return null;
        }
        int packets = block.get(ValueLayout.JAVA_INT, TpacketBlock.PACKETS);
        long at = block.get(ValueLayout.JAVA_INT, TpacketBlock.FIRST);
        int bytes = 0;
        for (int i = 0; i < packets; i++) {
            bytes += Pcap.add(block, at, file, bytes);
            at += block.get(ValueLayout.JAVA_INT, at + Tpacket3Hdr.NEXT);
        }
        block.set(ValueLayout.JAVA_INT, TpacketBlock.PACKETS, 0); // for isFilling, until the kernel opens it again
        WORD.setRelease(block, (long) TpacketBlock.STATUS, Linux.TP_STATUS_KERNEL);
        current = (current + 1) % BLOCKS;
        return new Taken(packets, bytes);
    }

    /** Whether there are packets in the next block, which the kernel has not handed over yet. */
    public boolean isFilling() {
        return (int) WORD.getVolatile(block(), (long) TpacketBlock.PACKETS) > 0;
    }

    private MemorySegment block() {
        return memory.asSlice((long) current * BLOCK, BLOCK);
    }

    private static long checked(long result) throws NamespaceException {
        if (result < 0) {
            throw NetRemedies.exception(Step.CAPTURE, "", (int) -result);
        }
        return result;
    }

    /** Gives the memory back; the socket is to be closed too. */
    @Override
    public void close() {
        Syscalls.munmap(memory.address(), memory.byteSize());
    }
}
