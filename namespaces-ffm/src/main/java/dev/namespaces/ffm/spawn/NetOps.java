package dev.namespaces.ffm.spawn;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.namespaces.NamespaceKind;
import dev.namespaces.Step;
import dev.namespaces.ffm.linux.Linux;
import dev.namespaces.ffm.linux.Sys;
import dev.namespaces.ffm.net.NetlinkSocket;
import dev.namespaces.ffm.net.OutboundFilter;
import dev.namespaces.ffm.program.Label;
import dev.namespaces.ffm.program.Op;
import dev.namespaces.ffm.program.Operand;
import dev.namespaces.ffm.program.ProgramBuilder;
import dev.namespaces.spi.NetSpec;

/**
 * Adds to stage 2 what the making of its network takes. Interfaces and all that goes with them are the JVM's to make ({@link NetKeeper}), through a socket that is
 * opened here, as it belongs to this network namespace then. Sysctls are set here, as {@code /proc/sys/net} shows everybody his own network namespace.
 *
 * <p>
 * They are set before the mounts, with the host's {@code /proc}, which is opened before anything is entered: further inside it may be missing, or be anything.
 */
final class NetOps {

    private static final String DIRECTORY = "/proc/sys/net";

    private final ProgramBuilder b;
    private final Job job;
    private final NetSpec spec;
    private final boolean sysctls;
    private final Operand.Data directory;

    NetOps(ProgramBuilder b, Job job) {
        this.b = b;
        this.job = job;
        spec = job.spec().net();
        sysctls = job.creates(NamespaceKind.NET) && !spec.sysctls().isEmpty();
        directory = b.space(DIRECTORY, sysctls ? Long.BYTES : 0);
    }

    /** Whether the JVM has a part in it. */
    static boolean isWanted(Job job) {
        return job.makesNetwork() || job.keepsNetwork();
    }

    /** Opens what {@link #add} needs, while the host's files are there. */
    void prepare() {
        if (sysctls) {
            open(Operand.of(Linux.AT_FDCWD, "AT_FDCWD"), DIRECTORY, Linux.O_PATH, "O_PATH", DIRECTORY)
                    .into(DIRECTORY, directory);
        }
    }

    /** Those sysctls come last that belong to an interface which is not there before. */
    void add(Gates gates, Label failed) {
        if (!isWanted(job)) {
            return;
        }
        set(false);
        gate(gates, failed);
        set(true);
        if (sysctls) {
            close(directory);
        }
    }

    private void gate(Gates gates, Label failed) {
        send(NetlinkSocket.PROTOCOL, "NETLINK_ROUTE", Step.NETLINK, "");
        if (job.restrictsNetwork()) {
            send(OutboundFilter.PROTOCOL, "NETLINK_NETFILTER", Step.RESTRICT_OUTBOUND, "by nftables");
        }
        gates.add(b, Step.NETLINK, job.makesNetwork() ? "make the network" : "keep the socket", failed,
                new NetKeeper(job));
    }

    private void send(int protocol, String text, Step step, String detail) {
        Op socket = b.call(Sys.SOCKET, Operand.of(NetlinkSocket.FAMILY, "AF_NETLINK"),
                Operand.of(Linux.SOCK_RAW | Linux.SOCK_CLOEXEC, "SOCK_RAW|SOCK_CLOEXEC"), Operand.of(protocol, text))
                .step(step, detail);
        socket.into("socket", Gates.send(b, step).descriptor());
        close(socket.result());
    }

    private void set(boolean ofNewLinks) {
        if (sysctls) {
            spec.sysctls().forEach((name, value) -> {
                if (spec.isOfLink(name) == ofNewLinks) {
                    set(name, value);
                }
            });
        }
    }

    private void set(String name, String value) {
        String detail = name + " to " + value;
        Op opened = b.load64(directory);
        Op file = open(Operand.of(0), name.substring("net.".length()).replace('.', '/'), Linux.O_WRONLY, "O_WRONLY",
                detail);
        opened.into(DIRECTORY, file, 0);
        byte[] text = value.getBytes(UTF_8);
        Op write = b.call(Sys.WRITE, Operand.of(0), b.bytes('"' + value + '"', text), Operand.of(text.length))
                .step(Step.SET_SYSCTL, detail);
        file.into("file", write, 0);
        close(file.result());
    }

    private Op open(Operand at, String path, int flags, String text, String detail) {
        return b.call(Sys.OPENAT, at, b.string(path), Operand.of(flags | Linux.O_CLOEXEC, text + "|O_CLOEXEC"))
                .step(Step.SET_SYSCTL, detail);
    }

    private void close(Operand descriptor) {
        Op load = b.load64(descriptor);
        Op close = b.call(Sys.CLOSE, Operand.of(0)).step(Step.NETLINK, "");
        load.into("descriptor", close, 0);
    }
}
