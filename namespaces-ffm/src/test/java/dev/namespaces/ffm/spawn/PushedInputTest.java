package dev.namespaces.ffm.spawn;

import dev.namespaces.ffm.linux.OrdinaryUser;
import dev.namespaces.ffm.linux.ChildJvm;
import static org.assertj.core.api.Assertions.assertThat;

import dev.namespaces.Command;
import dev.namespaces.Namespace;
import dev.namespaces.NamespaceBuilder;
import dev.namespaces.NamespaceProcess;
import dev.namespaces.Stdio;
import dev.namespaces.ffm.linux.ChildJvm;
import dev.namespaces.ffm.linux.Errno;
import dev.namespaces.ffm.linux.OrdinaryUser;
import dev.namespaces.ffm.linux.Tool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.AnnotatedElementContext;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.io.TempDirFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Commands that try to type into the terminal of the JVM that has started them, by every system call that the machine has for it. The JVM is
 * another one, in a terminal of the library's making.
 */
@ExtendWith(LeavesNothingBehind.class)
@Tag("slow-under-emulation") // starts many JVMs
class PushedInputTest {

    /** Prints, for each attempt, its name, what it tries, and the error number that came of it; 0 if it has pushed a line feed. */
    private static final String ATTACKER = """
            #include <errno.h>
            #include <fcntl.h>
            #include <stdio.h>
            #include <string.h>
            #include <sys/ioctl.h>
            #include <sys/mman.h>
            #include <sys/syscall.h>
            #include <unistd.h>

            static void report(const char *tty, const char *what, int round, long result) {
                printf("push %s %s%d %ld\\n", tty, what, round, result < 0 ? -result : result);
            }

            #ifdef __x86_64__
            /* As a program for i386 calls; 54 is its ioctl. */
            static long int80(long nr, long a, long b, long c) {
                long result;
                __asm__ volatile("int $0x80" : "=a"(result) : "a"(nr), "b"(a), "c"(b), "d"(c) : "memory", "r8", "r9", "r10", "r11");
                return (int) result;
            }
            #endif

            static void attack(const char *tty, int fd) {
                static const unsigned long high[] = {0, 1UL << 32, 0xffffffffUL << 32, 1UL << 63, 0x5413UL << 32};
                static const unsigned requests[] = {TIOCSTI, 0x541c /* TIOCLINUX */};
                char *low = mmap(0, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS
            #ifdef MAP_32BIT
                    | MAP_32BIT
            #endif
                    , -1, 0);
                for (int r = 0; r < 2; r++) {
                    const char *name = r ? "linux" : "sti";
                    *low = r ? 3 /* paste */ : '\\n';
                    for (int i = 0; i < 5; i++)
                        report(tty, name, i, syscall(SYS_ioctl, fd, high[i] | requests[r], low) < 0 ? errno : 0);
            #ifdef __x86_64__
                    char label[32];
                    sprintf(label, "%s-int80-", name);
                    report(tty, label, 0, int80(54, fd, requests[r], (long) low));
                    sprintf(label, "%s-x32-", name);
                    report(tty, label, 0, syscall(0x40000000 | 514, fd, (long) requests[r], low) < 0 ? errno : 0);
                    report(tty, label, 1, syscall(0x40000000 | 16, fd, (long) requests[r], low) < 0 ? errno : 0);
            #endif
                }
            }

            int main(int count, char **arguments) {
                setvbuf(stdout, 0, _IOLBF, 0);
                for (int fd = 0; fd < 3; fd++)
                    if (isatty(fd)) attack("inherited", fd);
                int fd = open("/dev/tty", O_RDWR);
                if (fd < 0) printf("push dev-tty none %d\\n", errno);
                else attack("dev-tty", fd);
                fd = count > 1 ? open(arguments[1], O_RDWR | O_NOCTTY) : -1;
                if (fd >= 0) attack("by-path", fd);
                printf("over 0\\n");
                return 0;
            }
            """;

    private static final Pattern LINE = Pattern.compile("push (\\S+ \\S+) (\\d+)");

    @TempDir(factory = OpenToAll.class)
    Path folder;

    /** Folders that an ordinary user may look into. */
    static final class OpenToAll implements TempDirFactory {
        @Override
        public Path createTempDirectory(AnnotatedElementContext element,
                ExtensionContext context) throws IOException {
            Path folder = Files.createTempDirectory("attacker");
            return Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        }
    }

    /** Starts the attacker in one way or another; its streams are this JVM's, or pipes whose content goes there. */
    static final class Victim {
        static void main(String[] arguments) throws Exception {
            String attacker = arguments[1];
            String terminal = Files.readSymbolicLink(Path.of("/proc/self/fd/0")).toString();
            if (arguments[0].equals("unprotected")) {
                System.exit(new ProcessBuilder(attacker, terminal).inheritIO().start().waitFor());
            }
            NamespaceBuilder builder = Way.valueOf(arguments[0]).builder();
            boolean inherit = arguments[2].equals("inherit");
            if (arguments[2].equals("inherit in a new session")) {
                builder.newSession();
                inherit = true;
            }
            Command command = Command.of(attacker, terminal);
            if (inherit) {
                command = command.stdin(Stdio.inherit()).stdout(Stdio.inherit()).stderr(Stdio.inherit());
            }
            try (NamespaceProcess process = builder.spawn(command)) {
                System.out.print(process.inputReader().readAllAsString());
                System.out.print(process.errorReader().readAllAsString());
                System.exit(process.waitFor());
            }
        }
    }

    private Map<String, Integer> results(boolean asOrdinaryUser, String way, String streams) throws Exception {
        Path source = Files.writeString(folder.resolve("attacker.c"), ATTACKER);
        Path attacker = folder.resolve("attacker");
        Tool.run(Tool.find("cc"), "-O1", "-o", attacker, source);
        ChildJvm jvm = ChildJvm.of(Victim.class, way, attacker.toString(), streams);
        if (asOrdinaryUser) {
            jvm.asOrdinaryUser();
        }
        Command command = Command.of(jvm.command()).stdin(Stdio.terminal(24, 80));
        try (NamespaceProcess process = Namespace.builder().spawn(command)) {
            String shown = new Screen(process).rest();
            assertThat(process.waitFor()).as(shown).isZero();
            assertThat(shown).contains("over 0");
            Map<String, Integer> results = new TreeMap<>();
            Matcher matcher = LINE.matcher(shown);
            while (matcher.find()) {
                results.put(matcher.group(1), Integer.valueOf(matcher.group(2)));
            }
            return results;
        }
    }

    private static boolean is64BitX86() {
        return List.of("amd64", "x86_64").contains(System.getProperty("os.arch"));
    }

    /** So that what is refused below is refused by us. Kernels since 6.2 may refuse TIOCSTI themselves, with EIO. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void withoutProtectionInputIsPushed(boolean asOrdinaryUser) throws Exception {
        Map<String, Integer> results = results(asOrdinaryUser, "unprotected", "");

        boolean legacy = !Files.exists(Path.of("/proc/sys/dev/tty/legacy_tiocsti"))
                || Files.readString(Path.of("/proc/sys/dev/tty/legacy_tiocsti")).startsWith("1");
        int expected = legacy || (!asOrdinaryUser && !OrdinaryUser.isSelf()) ? 0 : Errno.EIO;
        for (String tty : new String[]{"inherited", "dev-tty"}) {
            for (int i = 0; i < 5; i++) {
                assertThat(results).containsEntry(tty + " sti" + i, expected);
            }
        }
        assertThat(results).doesNotContainValue(Errno.EPERM);
        if (is64BitX86()) {
            assertThat(results.get("inherited sti-int80-0")).isIn(expected, Errno.ENOSYS); // not every kernel takes such calls
        }
    }

    @ParameterizedTest
    @EnumSource(Way.class)
    void noInputIsPushedIntoATerminalThatIsShared(Way way) throws Exception {
        for (boolean asOrdinaryUser : new boolean[]{true, false}) {
            for (String streams : new String[]{"inherit", "inherit in a new session"}) {
                Map<String, Integer> results = results(asOrdinaryUser, way.name(), streams);

                assertThat(results.keySet()).contains("inherited sti0", "inherited linux4");
                if (is64BitX86()) {
                    assertThat(results.keySet()).contains("inherited sti-int80-0", "inherited sti-x32-0");
                }
                boolean newSession = !streams.equals("inherit");
                assertThat(results.containsKey("dev-tty sti0")).isEqualTo(!newSession);
                results.remove("dev-tty none");
                assertThat(results.values()).as("%s %s %s", way, streams, results).containsOnly(Errno.EPERM);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Way.class)
    void aCommandWithPipesHasNoTerminalToPushInputInto(Way way) throws Exception {
        Map<String, Integer> results = results(true, way.name(), "pipes");

        assertThat(results).containsEntry("dev-tty none", Errno.ENXIO);
        results.remove("dev-tty none");
        // The terminal's path still leads there, but it is not the command's: ioctl_tty(2). int 0x80 and x32 may be no calls at all here.
        assertThat(results.entrySet()).allSatisfy(result -> assertThat(result.getValue()).as(result.getKey())
                .isIn(Errno.EPERM, Errno.EIO, Errno.ENOSYS, Errno.ENOTTY));
        assertThat(results.keySet().stream().filter(name -> name.startsWith("inherited"))).isEmpty();
    }

    @Test
    void theFilterIsInForceInTheInitAsWell() throws Exception {
        Map<String, String> filters = new TreeMap<>();
        for (String way : new String[]{"PLAIN", "INIT"}) {
            Command jvm = Command.of(ChildJvm.of(Statuses.class, way).command()).stdin(Stdio.terminal(24, 80));
            try (NamespaceProcess process = Namespace.builder().spawn(jvm)) {
                filters.put(way,
                        Stream.of(new Screen(process).rest().split("\\R")).filter(l -> l.startsWith("Seccomp:"))
                                .map(line -> line.replaceAll("\\s", "")).reduce("", String::concat));
            }
        }
        assertThat(filters).containsEntry("PLAIN", "Seccomp:2Seccomp:2").containsEntry("INIT", "Seccomp:2Seccomp:2");
    }

    /** Prints whether a filter is in force in the process that it has started, and in its command. */
    static final class Statuses {
        static void main(String[] arguments) throws Exception {
            Way way = Way.valueOf(arguments[0]);
            try (NamespaceProcess process = way.builder().spawn(Command.of("sleep", "1000").stdout(Stdio.inherit()))) {
                for (long pid : new long[]{process.pid(), way.command(process)}) {
                    System.out.println("Seccomp: " + Proc.status(pid, "Seccomp"));
                }
            }
        }
    }
}
