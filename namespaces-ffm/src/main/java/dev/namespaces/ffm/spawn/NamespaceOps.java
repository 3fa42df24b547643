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
import dev.namespaces.spi.UserSpec;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Adds what a child does inside its new namespaces before it executes anything. The user namespace comes first: it gives the rights. */
final class NamespaceOps {

    private final ProgramBuilder b;
    private final NamespaceSpec spec;
    private final Ids ids;

    NamespaceOps(ProgramBuilder b, NamespaceSpec spec, Ids ids) {
        this.b = b;
        this.spec = spec;
        this.ids = ids;
    }

    void add() {
        if (spec.process().newSession()) {
            b.call(Sys.SETSID).step(Step.NEW_SESSION, "");
        }
        if (spec.has(NamespaceKind.USER)) {
            mapIds();
        }
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

    /** Whoever writes a gid map of its own must give up setgroups(2) first; user_namespaces(7). */
    private void mapIds() {
        boolean root = spec.user().mapping() == UserSpec.Mapping.ROOT;
        write("/proc/self/setgroups", "deny");
        write("/proc/self/uid_map", (root ? 0 : ids.user()) + " " + ids.user() + " 1");
        write("/proc/self/gid_map", (root ? 0 : ids.group()) + " " + ids.group() + " 1");
    }

    private void write(String path, String content) {
        Op open = b.call(Sys.OPENAT, Operand.of(Linux.AT_FDCWD, "AT_FDCWD"), b.string(path),
                Operand.of(Linux.O_WRONLY | Linux.O_CLOEXEC, "O_WRONLY|O_CLOEXEC")).step(Step.MAP_IDS, "in " + path);
        Op write = b
                .call(Sys.WRITE, Operand.of(0), b.bytes('"' + content + '"', content.getBytes(US_ASCII)),
                        Operand.of(content.length()))
                .step(Step.MAP_IDS, "\"" + content + "\" in " + path);
        open.into("fd", write, 0);
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
    }
}
