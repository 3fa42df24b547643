package dev.namespaces.ffm.spawn;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.namespaces.NamespaceKind;
import dev.namespaces.Step;
import dev.namespaces.ffm.linux.CStrings;
import dev.namespaces.ffm.linux.Linux;
import dev.namespaces.ffm.linux.Struct;
import dev.namespaces.ffm.linux.Sys;
import dev.namespaces.ffm.program.Op;
import dev.namespaces.ffm.program.Operand;
import dev.namespaces.ffm.program.ProgramBuilder;
import dev.namespaces.spi.NamespaceSpec;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Adds what a child does inside its new namespaces before it executes the command, once its user namespace, if any, has ids. */
final class NamespaceOps {

    private final ProgramBuilder b;
    private final NamespaceSpec spec;

    NamespaceOps(ProgramBuilder b, NamespaceSpec spec) {
        this.b = b;
        this.spec = spec;
    }

    void add() {
        if (spec.has(NamespaceKind.MOUNT)) {
            mounts();
        }
        if (spec.has(NamespaceKind.UTS)) {
            names();
        }
        if (spec.has(NamespaceKind.NET) && spec.net().loopback()) {
            loopback();
        }
        if (spec.process().noNewPrivileges()) {
            b.call(Sys.PRCTL, Operand.of(Linux.PR_SET_NO_NEW_PRIVS, "PR_SET_NO_NEW_PRIVS"), Operand.of(1))
                    .step(Step.NO_NEW_PRIVILEGES, "");
        }
    }

    private void mounts() {
        mount(Operand.of(0), "/", Operand.of(0), Operand.of(Linux.MS_REC | Linux.MS_PRIVATE, "MS_REC|MS_PRIVATE"))
                .step(Step.MOUNT_PROPAGATION, "");
        if (spec.has(NamespaceKind.PID)) {
            Operand.Data proc = b.string("proc");
            mount(proc, "/proc", proc,
                    Operand.of(Linux.MS_NOSUID | Linux.MS_NODEV | Linux.MS_NOEXEC, "MS_NOSUID|MS_NODEV|MS_NOEXEC"))
                    .step(Step.MOUNT, "proc on /proc");
        }
    }

    private Op mount(Operand source, String target, Operand type, Operand flags) {
        return b.call(Sys.MOUNT, source, b.string(target), type, flags);
    }

    private void names() {
        String hostname = spec.uts().hostname();
        if (hostname != null) {
            b.call(Sys.SETHOSTNAME, b.string(hostname), Operand.of(CStrings.bytes(hostname).length - 1L)).step(
                    Step.SET_HOSTNAME,
                    "to " + hostname);
        }
        String domainName = spec.uts().domainName();
        if (domainName != null) {
            b.call(Sys.SETDOMAINNAME, b.string(domainName), Operand.of(CStrings.bytes(domainName).length - 1L)).step(
                    Step.SET_DOMAIN_NAME,
                    "to " + domainName);
        }
    }

    private void loopback() {
        ByteBuffer request = ByteBuffer.allocate(Struct.Ifreq.SIZE).order(ByteOrder.nativeOrder());
        request.put(Struct.Ifreq.NAME, "lo".getBytes(US_ASCII)).putShort(Struct.Ifreq.FLAGS, (short) Linux.IFF_UP);
        Op socket = b.call(Sys.SOCKET, Operand.of(Linux.AF_INET, "AF_INET"),
                Operand.of(Linux.SOCK_DGRAM | Linux.O_CLOEXEC, "SOCK_DGRAM|SOCK_CLOEXEC"), Operand.of(0))
                .step(Step.LOOPBACK_UP, "");
        Op up = b
                .call(Sys.IOCTL, Operand.of(0), Operand.of(Linux.SIOCSIFFLAGS, "SIOCSIFFLAGS"),
                        b.bytes("{\"lo\", IFF_UP}", request.array()))
                .step(Step.LOOPBACK_UP, "");
        socket.into("socket", up, 0);
        Op fd = b.load64(socket.result());
        Op close = b.call(Sys.CLOSE, Operand.of(0)).step(Step.LOOPBACK_UP, ""); // an init would keep it
        fd.into("socket", close, 0);
    }
}
