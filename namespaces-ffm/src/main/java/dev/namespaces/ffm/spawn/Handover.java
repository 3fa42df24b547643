package dev.namespaces.ffm.spawn;

import dev.namespaces.ffm.linux.Linux;
import dev.namespaces.ffm.linux.Struct;
import dev.namespaces.ffm.linux.Syscalls;
import dev.namespaces.spi.CommandSpec;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.ref.Reference;

/** The message that a {@linkplain Parking parked} child gets: a command, and the descriptors of its streams. For one spawn at a time. */
final class Handover {

    private static final int STREAMS = FirstStage.STREAMS.size();
    private static final int CONTROL = Struct.Msghdr.SIZE;
    private static final int PART = CONTROL + Struct.Cmsg.space(STREAMS);

    private final CommandBlock block = new CommandBlock();
    private final MemorySegment header = Arena.ofAuto().allocate(PART + Struct.Iovec.SIZE, Long.BYTES);

    Handover() {
        set(Struct.Msghdr.IOV, header.address() + PART);
        set(Struct.Msghdr.IOV_LENGTH, 1);
        set(Struct.Msghdr.CONTROL, header.address() + CONTROL);
        set(Struct.Msghdr.CONTROL_LENGTH, Struct.Cmsg.space(STREAMS));
        set(CONTROL, Struct.Cmsg.length(STREAMS));
        set(CONTROL + Struct.Cmsg.LEVEL, Linux.SOL_SOCKET | (long) Linux.SCM_RIGHTS << Integer.SIZE);
    }

    /** Writes a command; false if it is too large for the room that the child has. */
    boolean write(CommandSpec command, StandardStreams streams) {
        block.write(command, Environment.of(command), Parking.HEAD, Parking.ADDRESS);
        MemorySegment memory = block.memory();
        memory.set(ValueLayout.JAVA_LONG, Parking.CANDIDATES, block.candidates());
        memory.set(ValueLayout.JAVA_LONG, Parking.ARGUMENTS, block.arguments());
        memory.set(ValueLayout.JAVA_LONG, Parking.ENVIRONMENT, block.environment());
        memory.set(ValueLayout.JAVA_LONG, Parking.DIRECTORY, block.directory());
        set(PART + Struct.Iovec.BASE, memory.address());
        set(PART + Struct.Iovec.LENGTH, block.length());
        for (int stream = 0; stream < STREAMS; stream++) {
            header.set(ValueLayout.JAVA_INT, CONTROL + Struct.Cmsg.DATA + stream * Integer.BYTES,
                    streams.source(stream));
        }
        return block.length() <= Parking.ROOM;
    }

    /** Sends it; a negative result is an error number. */
    int send(int socket) {
        try {
            return Syscalls.sendmsg(socket, header.address(), Linux.MSG_NOSIGNAL);
        } finally {
            Reference.reachabilityFence(this);
        }
    }

    boolean isWorthKeeping() {
        return block.isWorthKeeping();
    }

    private void set(int offset, long value) {
        header.set(ValueLayout.JAVA_LONG, offset, value);
    }
}
