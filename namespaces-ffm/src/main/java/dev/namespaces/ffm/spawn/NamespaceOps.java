package dev.namespaces.ffm.spawn;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.namespaces.NamespaceKind;
import dev.namespaces.Step;
import dev.namespaces.ffm.linux.Abi;
import dev.namespaces.ffm.linux.CStrings;
import dev.namespaces.ffm.linux.Linux;
import dev.namespaces.ffm.linux.Struct;
import dev.namespaces.ffm.linux.Sys;
import dev.namespaces.ffm.mount.MountApi;
import dev.namespaces.ffm.mount.MountCheck;
import dev.namespaces.ffm.mount.MountOps;
import dev.namespaces.ffm.mount.Undo;
import dev.namespaces.ffm.program.Label;
import dev.namespaces.ffm.program.Op;
import dev.namespaces.ffm.program.Operand;
import dev.namespaces.ffm.program.ProgramBuilder;
import dev.namespaces.spi.MountRoot;
import dev.namespaces.spi.MountSpec;
import dev.namespaces.spi.MountStep;
import dev.namespaces.spi.NamespaceSpec;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Adds what a child does inside its new namespaces before it executes the command, once its user namespace, if any, has ids. */
final class NamespaceOps {

    private final ProgramBuilder b;
    private final Abi abi;
    private final NamespaceSpec spec;
    private final @Nullable Path console;
    private final Undo undo;
    private final Label failed;
    private @Nullable MountCheck check;

    NamespaceOps(ProgramBuilder b, Abi abi, NamespaceSpec spec, @Nullable Path console, Undo undo, Label failed) {
        this.b = b;
        this.abi = abi;
        this.spec = spec;
        this.console = console;
        this.undo = undo;
        this.failed = failed;
    }

    void add() {
        if (spec.has(NamespaceKind.MOUNT)) {
            mounts();
        }
        if (spec.has(NamespaceKind.UTS)) {
            names();
        }
        if (spec.has(NamespaceKind.NET) && spec.net().isBare() && spec.net().loopback()) {
            loopback();
        }
        if (spec.process().noNewPrivileges()) {
            b.call(Sys.PRCTL, Operand.of(Linux.PR_SET_NO_NEW_PRIVS, "PR_SET_NO_NEW_PRIVS"), Operand.of(1))
                    .step(Step.NO_NEW_PRIVILEGES, "");
        }
    }

    private void mounts() {
        MountOps mounts = new MountOps(b, abi, files(), spec.has(NamespaceKind.USER), MountApi.ofThisHost(),
                FirstStage.LOWEST_SOURCE, console, undo, failed);
        mounts.add();
        check = mounts.check();
    }

    /** How the child's mounts have to be compared before it goes on, or null where that needs not be. */
    @Nullable
    MountCheck check() {
        return check;
    }

    /** Whether the ops are good for one spawn only, as they name the host's mounts one by one. */
    static boolean dependOnHostMounts(NamespaceSpec spec) {
        return spec.has(NamespaceKind.MOUNT) && MountOps.needAttributes(spec.mount())
                && !MountApi.ofThisHost().attributes();
    }

    /** With the host's files, the host's /proc would show the wrong processes. */
    private MountSpec files() {
        MountSpec mount = spec.mount();
        boolean needsProc = mount.root() instanceof MountRoot.Host && spec.has(NamespaceKind.PID)
                && mount.steps().stream().noneMatch(step -> step.target().equals("/proc"));
        if (!needsProc) {
            return mount;
        }
        List<MountStep> steps = new ArrayList<>();
        steps.add(new MountStep.Special(MountStep.Type.PROC, "/proc"));
        steps.addAll(mount.steps());
        return new MountSpec(mount.root(), steps, mount.propagation());
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
