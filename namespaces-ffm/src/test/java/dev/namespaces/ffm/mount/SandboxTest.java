package dev.namespaces.ffm.mount;

import static org.assertj.core.api.Assertions.assertThat;

import dev.namespaces.Namespace;
import dev.namespaces.NamespaceBuilder;
import dev.namespaces.Spawner;
import dev.namespaces.ffm.linux.ChildJvm;
import dev.namespaces.ffm.linux.OrdinaryUser;
import dev.namespaces.ffm.spawn.Child;
import dev.namespaces.ffm.spawn.LeavesNothingBehind;
import java.io.IOException;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A process with an empty root, read-only programs, and a private /tmp, /proc and /dev tries to write everywhere. */
class SandboxTest {

    /** Made here, as JUnit may not do it in a package whose tests do not run. */
    @RegisterExtension
    static final LeavesNothingBehind NOTHING_IS_LEFT = new LeavesNothingBehind();

    private static final List<String> ALWAYS = List.of("new in /dev/shm", "new in /tmp", "file /dev/full",
            "file /dev/null", "file /dev/pts/ptmx", "file /dev/random", "file /dev/urandom", "file /dev/zero");

    @Test
    void itCanWriteToItsOwnMemoryAndNowhereElse() throws Exception {
        assertThat(WritesEverywhere.written(WritesEverywhere.box(false), "")).containsAll(ALWAYS)
                .filteredOn(line -> !ALWAYS.contains(line))
                .containsExactlyInAnyOrder("new in /", "new in /dev");
    }

    @Test
    void withAReadOnlyRootThereIsLessOfThat() throws Exception {
        assertThat(WritesEverywhere.written(WritesEverywhere.box(true), WritesEverywhere.DEEP))
                .containsExactlyInAnyOrderElementsOf(
                        ALWAYS.stream().filter(line -> !line.equals("new in /dev/shm")).toList());
    }

    @Test
    void thatIsSoForAnOrdinaryUserToo() throws Exception {
        String output = ChildJvm.of(WritesEverywhere.class).asOrdinaryUser().output();

        assertThat(output.lines()).containsAll(ALWAYS).filteredOn(line -> !ALWAYS.contains(line))
                .containsExactlyInAnyOrder("new in /", "new in /dev");
    }

    @Test
    void whatItHasWrittenIsGoneWithIt() throws Exception {
        assertThat(Child
                .script(WritesEverywhere.box(false),
                        "echo x > /tmp/x; echo x > /x; echo x > /dev/shm/x; ls /tmp / /dev/shm")
                .lines()).contains("x");
        assertThat(Child.script(WritesEverywhere.box(false), "ls /tmp / /dev/shm").lines()).doesNotContain("x");
    }

    /** Prints what could be written to. */
    static final class WritesEverywhere {

        /** A new file in every directory, and every file opened for writing; but for what belongs to processes, or is the null device in fact. */
        private static final String WRITE_EVERYWHERE = """
                find / '(' -path '/proc/[0-9]*' -o -path /proc/self -o -path /proc/thread-self -o -path "$1" ')' -prune -o -type d -print |
                while read -r directory; do
                    { true > "$directory/.new"; } 2>&- && echo "new in $directory" && rm "$directory/.new"
                done
                find / '(' -path '/proc/[0-9]*' -o -path /proc/self -o -path /proc/thread-self -o -path "$1" ')' -prune \\
                    -o ! -type d ! -type l -print |
                while read -r file; do
                    case $file in /proc/*) test ! -c "$file" || continue;; esac
                    { true >> "$file"; } 2>&- && echo "file $file"
                done
                exit 0""";
        /** Once is enough for all of that: it is one mount. */
        private static final String DEEP = "/usr/*/*/*";
        /** What anybody may open, but changes nothing for others: triggers of pressure stall information. */
        private static final Pattern HARMLESS = Pattern.compile("file /proc/pressure/.*");
        /** The host's root may open for writing what takes no writes; what takes some is below these. */
        private static final Pattern HARMLESS_FOR_ROOT = Pattern
                .compile("file /proc/(?!sys/|sysrq|irq|bus|fs|acpi|scsi).*");

        static NamespaceBuilder box(boolean readOnlyRoot) {
            return Namespace.builder().user().pid().ipc().net().newSession().mount(mount -> {
                Programs.make(mount.emptyRoot()).tmpfs("/tmp").proc().dev().defaultProtection();
                if (readOnlyRoot) {
                    mount.remountReadOnly("/dev").remountReadOnly("/");
                }
            });
        }

        static List<String> written(Spawner box, String unless) throws IOException, InterruptedException {
            Pattern harmless = OrdinaryUser.isSelf() ? HARMLESS : HARMLESS_FOR_ROOT;
            return Child.script(box, WRITE_EVERYWHERE, unless).lines().filter(line -> !harmless.matcher(line).matches())
                    .toList();
        }

        static void main(String[] arguments) throws Exception {
            System.out.println(String.join("\n", written(box(false), DEEP)));
        }
    }
}
