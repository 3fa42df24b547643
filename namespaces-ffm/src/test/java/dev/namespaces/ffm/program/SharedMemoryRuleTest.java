package dev.namespaces.ffm.program;

import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNoException;

import dev.namespaces.ffm.linux.Linux;
import dev.namespaces.ffm.linux.Native;
import dev.namespaces.ffm.linux.Sys;
import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class SharedMemoryRuleTest {

    private static final Operand CWD = Operand.of(Linux.AT_FDCWD);

    /** The rule, with zeros for arguments: whoever adds a call here knows why it cannot hurt the JVM. */
    private static final Set<Sys> HARMLESS = EnumSet.of(Sys.CAPSET, Sys.CHDIR, Sys.CLOSE, Sys.CLOSE_RANGE, Sys.DUP3,
            Sys.EXECVE,
            Sys.EXECVEAT,
            Sys.EXIT_GROUP, Sys.FACCESSAT, Sys.FCHDIR, Sys.FCHMODAT, Sys.FCNTL, Sys.FSTATFS, Sys.GETPID, Sys.MKDIRAT,
            Sys.MOUNT, Sys.MOUNT_SETATTR, Sys.MOVE_MOUNT, Sys.NEWFSTATAT, Sys.OPEN_TREE, Sys.PIDFD_OPEN,
            Sys.PIVOT_ROOT, Sys.SYMLINKAT, Sys.UMASK, Sys.UMOUNT2, Sys.UNLINKAT, Sys.PRLIMIT64, Sys.RT_SIGACTION,
            Sys.RT_SIGPROCMASK, Sys.SETDOMAINNAME, Sys.SETHOSTNAME, Sys.SETSID, Sys.SOCKET, Sys.WRITE);

    private final ProgramBuilder b = new ProgramBuilder(Native.abi()).sharesMemory(true);

    @ParameterizedTest
    @EnumSource
    void everyCallThatIsNotKnownToBeHarmlessIsRefused(Sys call) {
        if (HARMLESS.contains(call)) {
            assertThatNoException().isThrownBy(() -> b.call(call, zeros()));
        } else {
            assertRefused(call, zeros());
        }
    }

    @Test
    void noNewPrivilegesMayBeSet() {
        b.call(Sys.PRCTL, Operand.of(Linux.PR_SET_NO_NEW_PRIVS), Operand.of(1));
    }

    /** PR_SET_PDEATHSIG, PR_SET_DUMPABLE, PR_SET_KEEPCAPS, PR_SET_NAME, PR_SET_SECCOMP, PR_SET_MM, PR_SET_THP_DISABLE, PR_SET_MDWE. */
    @ParameterizedTest
    @ValueSource(ints = {1, 4, 8, 15, 22, 35, 41, 65})
    void everyOtherProcessControlIsRefused(int option) {
        assertRefused(Sys.PRCTL, Operand.of(option), Operand.of(1));
    }

    @ParameterizedTest
    @ValueSource(strings = {"/proc/self/uid_map", "/proc/self/gid_map", "/proc/self/setgroups"})
    void theIdMapsMayBeOpened(String path) {
        b.call(Sys.OPENAT, CWD, b.string(path), Operand.of(Linux.O_WRONLY));
    }

    @ParameterizedTest
    @ValueSource(strings = {"/proc/self/oom_score_adj", "/proc/self/mem", "/proc/1/uid_map", "/tmp/fifo", "uid_map",
            ""})
    void everyOtherFileIsRefused(String path) {
        assertRefused(Sys.OPENAT, CWD, b.string(path), Operand.of(Linux.O_WRONLY));
    }

    @Test
    void whatIsNotKnownWhileTheProgramIsBuiltIsRefused() {
        Operand.Data uidMap = b.string("/proc/self/uid_map");

        assertRefused(Sys.OPENAT, CWD, new Operand.Patch("path"), Operand.of(0));
        assertRefused(Sys.OPENAT, CWD, b.bytes("path", new byte[]{'/', 0}), Operand.of(0));
        assertRefused(Sys.OPENAT, CWD, uidMap.plus(1), Operand.of(0));
        assertRefused(Sys.PRCTL, new Operand.Patch("option"), Operand.of(1));
    }

    @Test
    void whatAnOpWasAllowedForCannotBeWrittenOverLater() {
        Op option = b.load64(b.space("option", Long.BYTES));
        Op prctl = b.call(Sys.PRCTL, Operand.of(Linux.PR_SET_NO_NEW_PRIVS), Operand.of(1));
        option.into("option", prctl, 0);

        assertThatIllegalArgumentException().isThrownBy(b::build).withMessageContaining("must not call prctl");
    }

    @Test
    void anInterfaceMayBeBroughtUpAndNothingElseBeControlled() {
        b.call(Sys.IOCTL, Operand.of(5), Operand.of(Linux.SIOCSIFFLAGS), b.space("request", 40));

        assertRefused(Sys.IOCTL, Operand.of(5), Operand.of(Linux.FIONREAD), b.space("available", 8));
    }

    @Test
    void aMessageOfTheProgramMayBeSentToAKnownSocket() {
        Operand.Data message = b.space("message", 56);
        b.call(Sys.SENDMSG, Operand.of(7), message, Operand.of(0));

        assertRefused(Sys.SENDMSG, new Operand.Patch("socket"), message, Operand.of(0));
        assertRefused(Sys.SENDMSG, Operand.of(7), Operand.of(4096), Operand.of(0));
    }

    @Test
    void aTerminalMayBeGivenUpAndTakenButNotTypedInto() {
        b.call(Sys.IOCTL, Operand.of(0), Operand.of(Linux.TIOCNOTTY));
        b.call(Sys.IOCTL, Operand.of(0), Operand.of(Linux.TIOCSCTTY), Operand.of(0));

        assertRefused(Sys.IOCTL, Operand.of(0), Operand.of(Linux.TIOCSTI), b.space("character", 8));
    }

    @Test
    void descriptorsMayBeClosedButTheirTableNotBeUnshared() {
        b.call(Sys.CLOSE_RANGE, Operand.of(3), Operand.of(Linux.ALL_DESCRIPTORS), Operand.of(0));

        assertRefused(Sys.CLOSE_RANGE, Operand.of(3), Operand.of(Linux.ALL_DESCRIPTORS), Operand.of(2));
    }

    @ParameterizedTest
    @EnumSource
    void whileItSharesTheDescriptorsAChildMayCallNothingThatConcernsThem(Sys call) {
        b.sharesMemoryAndDescriptors();

        if (call == Sys.RT_SIGACTION) {
            assertThatNoException().isThrownBy(() -> b.call(call, zeros()));
        } else {
            assertThatIllegalArgumentException().isThrownBy(() -> b.call(call, zeros()))
                    .withMessage("a child that shares the JVM's descriptors must not call " + call.text()
                            + " before it has a table of its own");
        }
    }

    @Test
    void withATableOfItsOwnAChildMayDoMore() {
        b.sharesMemoryAndDescriptors();
        b.call(Sys.CLOSE_RANGE, Operand.of(3), Operand.of(Linux.ALL_DESCRIPTORS),
                Operand.of(Linux.CLOSE_RANGE_UNSHARE));

        assertThatNoException().isThrownBy(() -> b.call(Sys.CLOSE, Operand.of(3)));
        assertRefused(Sys.SETRESUID, zeros());
    }

    @ParameterizedTest
    @EnumSource
    void aProgramWithMemoryOfItsOwnMayCallWhatItLikes(Sys call) {
        b.sharesMemory(false);

        assertThatNoException().isThrownBy(() -> b.call(call, zeros()));
    }

    private void assertRefused(Sys call, Operand... arguments) {
        assertThatIllegalArgumentException().as(call.text()).isThrownBy(() -> b.call(call, arguments))
                .withMessageStartingWith("a child that shares the JVM's memory must not call " + call.text())
                .withMessageEndingWith(": it belongs into stage 2");
    }

    private static Operand[] zeros() {
        Operand zero = Operand.of(0);
        return new Operand[]{zero, zero, zero, zero, zero, zero};
    }
}
