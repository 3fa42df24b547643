package dev.namespaces.ffm.spawn;

import dev.namespaces.NamespaceException;
import dev.namespaces.NamespaceHandle;
import dev.namespaces.Step;
import dev.namespaces.ffm.linux.Abi;
import dev.namespaces.ffm.linux.Linux;
import dev.namespaces.ffm.linux.Sys;
import dev.namespaces.ffm.linux.Syscalls;
import dev.namespaces.ffm.net.PacketRing;
import dev.namespaces.ffm.program.Label;
import dev.namespaces.ffm.program.Op;
import dev.namespaces.ffm.program.Operand;
import dev.namespaces.ffm.program.ProgramBuilder;
import dev.namespaces.spi.JoinSpec;
import dev.namespaces.spi.NamespaceSpec;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Opens a packet socket in a network that the JVM is not in. It belongs to the network that it is made in, and to make it takes CAP_NET_RAW over that: so a process goes in there,
 * and into the user namespace that owns it, as stage 2, makes the socket, sends it, and ends.
 */
final class PacketSocket {

    private static final int NONE = -1;

    private int socket = NONE;

    private PacketSocket() {}

    /**
     * Opens one, of which nothing comes yet.
     *
     * @param network where
     * @return the descriptor, close-on-exec
     * @throws NamespaceException if the kernel refuses it
     */
    static int open(NamespaceHandle network) throws NamespaceException {
        Optional<NamespaceHandle> owner = network.owner();
        try {
            List<NamespaceHandle> entered = Stream.concat(Stream.of(network), owner.stream()).toList();
            NamespaceSpec spec = NamespaceSpec.NOTHING.with(new JoinSpec(entered, null, Set.of()));
            return new PacketSocket().open(new Job(spec, Demands.NONE, Entrance.of(spec), Job.Purpose.RUN));
        } finally {
            owner.ifPresent(NamespaceHandle::close);
        }
    }

    private int open(Job job) throws NamespaceException {
        boolean opened = false;
        try (ChildProcess _ = Recipe.of(job, this::write).spawn(Holder.NO_COMMAND)) {
            opened = true;
            return socket;
        } finally {
            if (!opened && socket != NONE) {
                Syscalls.close(socket);
            }
        }
    }

    private SecondStage write(Abi abi, Job job, Route route, CommandCapabilities capabilities, Identity identity,
            Ids ids) {
        ProgramBuilder b = ProgramBuilder.ofStageTwo(abi);
        Label failed = b.label("failed");
        Label exit = b.label("exit");
        b.onRefusal(failed);
        Gates gates = new Gates();
        new JoinOps(b, job.entrance(), FirstStage.LOWEST_SOURCE).enter();
        Op made = b.call(Sys.SOCKET, Operand.of(PacketRing.FAMILY, "AF_PACKET"),
                Operand.of(Linux.SOCK_DGRAM | Linux.SOCK_CLOEXEC, "SOCK_DGRAM|SOCK_CLOEXEC"), Operand.of(0))
                .step(Step.CAPTURE, "");
        made.into("socket", Gates.send(b, Step.CAPTURE).descriptor());
        gates.add(b, Step.CAPTURE, "take the socket", exit, (_, arrival, _) -> socket = Descriptors
                .receive(arrival.socket(), Step.CAPTURE, ""));
        b.go(exit);
        b.place(failed);
        b.call(Sys.WRITE, SecondStage.REPORT, b.header(Op.REFUSED_OP, "{refused op, -errno}"),
                Operand.of(SecondStage.START)).then(exit);
        b.place(exit);
        b.call(Sys.EXIT_GROUP, Operand.of(0)).then(exit);
        return new SecondStage(b.build(), null, false, gates, true);
    }
}
