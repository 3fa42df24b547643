package dev.namespaces.ffm.spawn;

import static org.assertj.core.api.Assertions.assertThat;

import dev.namespaces.Namespace;
import dev.namespaces.NamespaceProcess;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** What the new namespaces hold: names, interfaces, mounts. */
@ExtendWith(LeavesNothingBehind.class)
class InsideTest {

    private static final Path HOST_MOUNTS = Path.of("/proc/self/mountinfo");

    // ---- names

    @Test
    void theHostAndDomainNameAreThoseThatWereChosenAndTheHostsStay() throws Exception {
        Path domain = Path.of("/proc/sys/kernel/domainname");
        Path host = Path.of("/proc/sys/kernel/hostname");
        List<String> before = List.of(Files.readString(host), Files.readString(domain));
        Namespace namespace = Namespace.builder().user().uts(uts -> uts.hostname("box").domainName("nis.example"))
                .build();

        assertThat(Child.script(namespace, "uname -n; cat /proc/sys/kernel/hostname /proc/sys/kernel/domainname"))
                .isEqualTo("box\nbox\nnis.example");
        assertThat(List.of(Files.readString(host), Files.readString(domain))).isEqualTo(before);
    }

    @Test
    void namesThatAreNotChosenStayTheHosts() throws Exception {
        assertThat(Child.says(Namespace.builder().user().uts(), "uname", "-n"))
                .isEqualTo(Files.readString(Path.of("/proc/sys/kernel/hostname")).strip());
    }

    @Test
    void aNameMayHave64BytesThatAreNotAscii() throws Exception {
        String name = "ü".repeat(32);

        assertThat(Child.says(Namespace.builder().user().uts(uts -> uts.hostname(name)), "uname", "-n"))
                .isEqualTo(name);
    }

    // ---- network

    @Test
    void aNetworkHasItsLoopbackAloneAndThatIsUp() throws Exception {
        assertThat(Child.says(Namespace.builder().user().net(), "ip", "-o", "link", "show").lines()).singleElement()
                .asString().contains("lo: <LOOPBACK,UP,LOWER_UP>");
        assertThat(Child.says(Namespace.builder().user().net(), "ip", "-o", "addr", "show", "dev", "lo"))
                .contains("inet 127.0.0.1/8");
    }

    @Test
    void theLoopbackStaysDownIfThatIsAskedFor() throws Exception {
        Namespace namespace = Namespace.builder().user().net(net -> net.withoutLoopback()).build();

        assertThat(Child.says(namespace, "ip", "-o", "link", "show").lines()).singleElement().asString()
                .contains("lo: <LOOPBACK>");
        assertThat(Child.says(namespace, "ip", "-o", "addr", "show")).isEmpty();
    }

    // ---- mounts

    @Test
    void aMountThatIsMadeInsideIsNotSeenOutside(@TempDir Path folder) throws Exception {
        try (NamespaceProcess process = Child.ready(Namespace.builder().user().mount(),
                "mount -t tmpfs inside \"$1\" && echo text > \"$1/file\" && echo ready && cat", folder.toString())) {
            assertThat(Proc.text(process.pid(), "mountinfo")).contains(" " + folder + " ");
            assertThat(Files.readString(HOST_MOUNTS)).doesNotContain(" " + folder + " ");
            assertThat(folder).isEmptyDirectory();
        }
    }

    @Test
    void noMountIsTiedToTheHosts() throws Exception {
        assertThat(Child.says(Namespace.builder().user().mount(), "cat", "/proc/self/mountinfo"))
                .doesNotContain(" shared:", " master:");
    }

    @Test
    void theHostsFilesAreSeenAtTheirPlaces(@TempDir Path folder) throws Exception {
        Files.writeString(folder.resolve("file"), "from outside");

        assertThat(Child.says(Namespace.builder().user().mount(), "cat", folder.resolve("file").toString()))
                .isEqualTo("from outside");
    }

    @Test
    void procIsFreshWithAMountAndAPidNamespace() throws Exception {
        String script = "cd /proc && echo [0-9]*";

        assertThat(Child.script(Namespace.builder().user().mount().pid(), script)).isEqualTo("1 2");
        assertThat(Child.script(Namespace.builder().user().mount().pid(pid -> pid.asPid1()), script)).isEqualTo("1");
    }

    @Test
    void theFreshProcIsMountedWithoutSetuidDevicesAndPrograms() throws Exception {
        assertThat(Child.script(Namespace.builder().user().mount().pid(), "grep ' - proc ' /proc/self/mountinfo")
                .lines().toList()).last().asString().contains(" /proc ").containsPattern("nosuid,nodev,noexec");
    }

    @Test
    void theHostsProcStaysWithAPidNamespaceAlone() throws Exception {
        assertThat(Child.says(Namespace.builder().user().pid(), "cat", "/proc/" + Proc.SELF + "/comm"))
                .isEqualTo(Proc.statOf(Proc.SELF).name());
    }
}
