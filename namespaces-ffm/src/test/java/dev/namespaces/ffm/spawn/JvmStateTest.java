package dev.namespaces.ffm.spawn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.namespaces.Command;
import dev.namespaces.Namespace;
import dev.namespaces.NamespaceException;
import dev.namespaces.ffm.linux.ChildJvm;
import dev.namespaces.ffm.linux.Errno;
import dev.namespaces.ffm.linux.OrdinaryUser;
import dev.namespaces.ffm.linux.Sys;
import dev.namespaces.ffm.linux.Syscalls;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What the kernel knows of the JVM, which no spawn of any kind may change, though the child shares its memory. */
@ExtendWith(LeavesNothingBehind.class)
class JvmStateTest {

    private static final int PR_GET_DUMPABLE = 3;
    private static final int PR_GET_THP_DISABLE = 42;
    /** Of /proc/PID/status: signals, ids, capabilities and the like. */
    private static final Pattern LASTING = Pattern
            .compile("(Umask|Uid|Gid|Groups|Sig(Blk|Ign|Cgt)|Cap...|NoNewPrivs|Seccomp.*):.*");

    @ParameterizedTest
    @EnumSource(Way.class)
    void aSpawnChangesNothingOfTheJvm(Way way) throws Exception {
        Map<String, String> before = state();
        Namespace namespace = way.builder().newSession().noNewPrivileges().uts(uts -> uts.hostname("box")).net()
                .build();
        if (way != Way.PLAIN || !OrdinaryUser.isSelf()) {
            assertThat(Child.script(namespace, "cd /; umask 077; ulimit -n 10; echo done")).isEqualTo("done");
        }
        assertThat(Child.script(way.namespace(), "cd /; umask 077; ulimit -n 10; echo done")).isEqualTo("done");

        assertUnchanged(before);
    }

    @ParameterizedTest
    @EnumSource(Way.class)
    void aRefusedSpawnChangesNothingOfTheJvm(Way way) throws Exception {
        Map<String, String> before = state();
        assertThatExceptionOfType(NamespaceException.class)
                .isThrownBy(() -> way.builder().newSession().spawn("no-such-program"));
        assertThatExceptionOfType(NamespaceException.class)
                .isThrownBy(() -> way.builder().spawn(Command.of("true").directory("/no/such/folder")));

        assertUnchanged(before);
    }

    @ParameterizedTest
    @EnumSource(value = Way.class, mode = EnumSource.Mode.EXCLUDE, names = "ALL")
    void aSpawnWithoutClone3ChangesNothingOfTheJvm(Way way) throws Exception {
        Map<String, String> before = state();
        Filter.refusing(Sys.CLONE3, Errno.ENOSYS, () -> Child.says(way.builder(), "true"));

        assertUnchanged(before);
    }

    @Test
    @Tag("slow-under-emulation")
    void whatANaiveChildChangesOfItsMemoryIsSeenByThisCheck() throws Exception {
        assertThat(ChildJvm.of(Undumpable.class).output()).isEqualTo("[dumpable]\n");
    }

    /** Prints what has changed once a child that shares its memory has given up its own dumpable flag. */
    static final class Undumpable {
        static void main() throws Exception {
            Map<String, String> before = state();
            NaiveSpawn.undumpable();
            Map<String, String> after = state();
            before.keySet()
                    .removeIf(name -> !after.containsKey(name) || Objects.equals(before.get(name), after.get(name)));
            System.out.println(before.keySet());
        }
    }

    /** Threads come and go: those that are there before and afterwards are compared. */
    private static void assertUnchanged(Map<String, String> before) throws IOException {
        Map<String, String> after = state();
        after.keySet().retainAll(before.keySet());
        before.keySet().removeIf(name -> name.startsWith("/") && !after.containsKey(name));

        assertThat(after).isEqualTo(before);
    }

    private static Map<String, String> state() throws IOException {
        Map<String, String> state = new TreeMap<>();
        state.put("dumpable", "" + Syscalls.prctl(PR_GET_DUMPABLE, 0, 0, 0, 0));
        state.put("THP disabled", "" + Syscalls.prctl(PR_GET_THP_DISABLE, 0, 0, 0, 0));
        for (String name : new String[]{"oom_score_adj", "limits", "cgroup", "uid_map", "coredump_filter"}) {
            state.put(name, Proc.text(Proc.SELF, name));
        }
        state.put("stat", Proc.statOf(Proc.SELF).toString().replaceFirst("state=.", ""));
        state.put("cwd", Path.of("/proc/self/cwd").toRealPath().toString());
        state.put("root", Path.of("/proc/self/root").toRealPath().toString());
        state.put("namespaces", Proc.namespaces(Proc.SELF).toString());
        state.put("host name", Files.readString(Path.of("/proc/sys/kernel/hostname")));
        try (DirectoryStream<Path> threads = Files.newDirectoryStream(Proc.path(Proc.SELF, "task"))) {
            for (Path thread : threads) {
                try {
                    state.put(thread.toString(), Files.readAllLines(thread.resolve("status")).stream()
                            .filter(line -> LASTING.matcher(line).matches()).collect(Collectors.joining("\n")));
                } catch (IOException _) {
                    // it has ended meanwhile
                }
            }
        }
        return state;
    }
}
