package dev.namespaces.ffm.net;

import dev.namespaces.NamespaceException;
import dev.namespaces.NamespaceKind;
import dev.namespaces.Step;
import dev.namespaces.ffm.linux.CStrings;
import dev.namespaces.ffm.linux.Errno;
import dev.namespaces.ffm.linux.Linux;
import dev.namespaces.ffm.linux.Native;
import dev.namespaces.ffm.linux.Sys;
import dev.namespaces.ffm.linux.Syscalls;
import dev.namespaces.ffm.net.NetStruct.SockaddrNl;
import dev.namespaces.ffm.net.NetStruct.Timeval;
import dev.namespaces.ffm.program.Label;
import dev.namespaces.ffm.program.Op;
import dev.namespaces.ffm.program.Operand;
import dev.namespaces.ffm.program.Program;
import dev.namespaces.ffm.program.ProgramBuilder;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;

/**
 * A netlink socket, for the network namespace that it was made in, wherever it is used.
 *
 * <p>
 * The kernel answers within send(2) whatever is asked through rtnetlink, so there is always something to receive; should there be nothing after
 * all, the wait for it ends after {@value #PATIENCE} seconds. It is connected to the kernel: root inside the namespace could send to it otherwise.
 */
final class KernelTransport implements Transport {

    private static final int PATIENCE = 10;
    private static final String DETAIL = "through rtnetlink";

    private final int fd;

    private KernelTransport(int fd) {
        this.fd = fd;
    }

    /** A socket for the calling thread's network namespace. */
    static KernelTransport open() throws NamespaceException {
        return of(checked(Syscalls.socket(Rtnetlink.AF_NETLINK, Linux.SOCK_RAW | Linux.SOCK_CLOEXEC,
                Rtnetlink.NETLINK_ROUTE)));
    }

    /** A socket that somebody has made, perhaps in another namespace. It is closed if this fails. */
    static KernelTransport of(int fd) throws NamespaceException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment kernel = arena.allocate(SockaddrNl.SIZE, Integer.BYTES);
            kernel.set(ValueLayout.JAVA_SHORT, SockaddrNl.FAMILY, (short) Rtnetlink.AF_NETLINK);
            checked(Syscalls.connect(fd, kernel.address(), SockaddrNl.SIZE));
            MemorySegment patience = arena.allocate(Timeval.SIZE, Long.BYTES);
            patience.set(ValueLayout.JAVA_LONG, Timeval.SECONDS, PATIENCE);
            checked(Syscalls.setsockopt(fd, Linux.SO_RCVTIMEO, patience.address(), Timeval.SIZE));
            MemorySegment yes = arena.allocateFrom(ValueLayout.JAVA_INT, 1);
            checked(option(fd, Rtnetlink.NETLINK_EXT_ACK, yes));
            checked(option(fd, Rtnetlink.NETLINK_CAP_ACK, yes));
            return new KernelTransport(fd);
        } catch (NamespaceException e) {
            Syscalls.close(fd);
            throw e;
        }
    }

    /**
     * A socket for another network namespace. It is made in one downcall, so that nothing of the JVM runs while the calling thread is there, or is started by it
     * and stays there.
     */
    static KernelTransport openIn(int namespace) throws NamespaceException {
        try (Arena arena = Arena.ofConfined()) {
            int home = entered(Syscalls.open(CStrings.allocate(arena, "/proc/thread-self/ns/net"), Linux.O_CLOEXEC, 0));
            try {
                Program program = socketIn(namespace, home);
                MemorySegment copy = arena.allocate(program.size(), Long.BYTES);
                program.place(copy, copy.address());
                return of(entered((int) Native.interpret(copy.address())));
            } finally {
                Syscalls.close(home);
            }
        }
    }

    private static Program socketIn(int namespace, int home) {
        ProgramBuilder b = new ProgramBuilder(Native.abi());
        Label stay = b.label("stay");
        Label back = b.label("back");
        Label done = b.label("done");
        Operand net = Operand.of(NamespaceKind.NET.cloneFlag(), "CLONE_NEWNET");
        Op enter = b.call(Sys.SETNS, Operand.of(namespace), net).onNegative(stay);
        Op socket = b.call(Sys.SOCKET, Operand.of(Rtnetlink.AF_NETLINK, "AF_NETLINK"),
                Operand.of(Linux.SOCK_RAW | Linux.SOCK_CLOEXEC, "SOCK_RAW|SOCK_CLOEXEC"),
                Operand.of(Rtnetlink.NETLINK_ROUTE, "NETLINK_ROUTE")).then(back);
        b.place(back);
        b.call(Sys.SETNS, Operand.of(home), net).then(done); // as it may go there, it may come back
        b.place(done);
        socket.into("socket", b.returns(Operand.of(0)), 0);
        b.place(stay);
        enter.into("refusal", b.returns(Operand.of(0)), 0);
        return b.build();
    }

    private static int entered(int result) throws NamespaceException {
        if (result < 0) {
            throw NetRemedies.ofEntry(-result);
        }
        return result;
    }

    private static int option(int fd, int option, MemorySegment value) {
        return Syscalls.setsockopt(fd, Rtnetlink.SOL_NETLINK, option, value.address(), Integer.BYTES);
    }

    private static int checked(int result) throws NamespaceException {
        if (result < 0) {
            throw NetRemedies.exception(Step.NETLINK, DETAIL, -result);
        }
        return result;
    }

    @Override
    public void send(ByteBuffer datagram) throws NamespaceException {
        long address = MemorySegment.ofBuffer(datagram.duplicate().rewind()).address();
        long result;
        do {
            result = Syscalls.send(fd, address, datagram.position(), Linux.MSG_NOSIGNAL);
        } while (result == -Errno.EINTR);
        checked((int) result);
    }

    @Override
    public int receive(ByteBuffer buffer, boolean wait) throws NamespaceException {
        buffer.clear();
        long address = MemorySegment.ofBuffer(buffer).address();
        int flags = Linux.MSG_TRUNC | (wait ? 0 : Linux.MSG_DONTWAIT);
        long result;
        do {
            result = Syscalls.receive(fd, address, buffer.capacity(), flags);
        } while (result == -Errno.EINTR);
        if (result == -Errno.EAGAIN && !wait) {
            return -1;
        }
        int length = checked((int) result);
        buffer.limit(Math.min(length, buffer.capacity()));
        return length;
    }

    @Override
    public int namespace() throws NamespaceException {
        return checked(Syscalls.ioctl(fd, Linux.SIOCGSKNS, 0));
    }

    @Override
    public void close() {
        Syscalls.close(fd);
    }
}
