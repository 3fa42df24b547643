package dev.namespaces.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.namespaces.examples.NsProcess.Ended;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the kernel says of the command's capabilities. */
class CapabilityOptionsTest {

    private static final long CHOWN = 1;
    private static final long KILL = 1 << 5;
    private static final long NET_ADMIN = 1 << 12;

    @Test
    void theyAreAppliedInTheOrderGiven() throws Exception {
        assertThat(run("--cap-drop", "ALL", "--cap-add", "CAP_CHOWN"))
                .isEqualTo(new Sets(CHOWN, CHOWN, CHOWN));
        assertThat(run("--cap-add", "CAP_CHOWN", "--cap-drop", "ALL")).isEqualTo(new Sets(0, 0, 0));
        assertThat(run("--cap-drop", "all", "--cap-add", "chown", "--cap-add", "Cap_Net_Admin", "--cap-drop", "CHOWN",
                "--cap-add", "kill")).isEqualTo(new Sets(NET_ADMIN | KILL, NET_ADMIN | KILL, NET_ADMIN | KILL));
    }

    @Test
    void whatIsNotNamedStays() throws Exception {
        Sets all = run("--cap-add", "ALL");
        assertThat(all.ambient()).isEqualTo(all.bounding()).isEqualTo(all.effective());

        assertThat(run("--cap-drop", "cap_chown"))
                .isEqualTo(new Sets(0, all.effective() & ~CHOWN, all.bounding() & ~CHOWN));
        assertThat(run()).isEqualTo(new Sets(0, all.effective(), all.bounding()));
    }

    @Test
    void aCommandThatIsNotRootGetsThoseThatAreAdded() throws Exception {
        assertThat(sets("--unshare-user", "--uid", "1234", "--unshare-pid", "--cap-drop", "ALL", "--cap-add", "kill"))
                .isEqualTo(new Sets(KILL, KILL, KILL));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
            "--cap-add CAP_NET_ADMINS true | no capability: \"CAP_NET_ADMINS\"; there is CAP_NET_BIND_SERVICE, CAP_NET_BROADCAST, CAP_NET_ADMIN, CAP_NET_RAW",
            "--cap-drop ROOT true | no capability: \"ROOT\"; there is CAP_SYS_CHROOT",
            "--cap-drop xyz true | there are ALL, CAP_CHOWN, CAP_DAC_OVERRIDE,", "--cap-add 12 true | no capability",
            "--cap-add  true | no capability: \"\"", "--cap-drop CAP_CAP_CHOWN true | no capability",
            "--cap-add | --cap-add needs CAP"})
    void wrongUseIsOneLineThatSaysWhatIsWrong(String arguments, String reason) {
        Ended ended = NsProcess.here(("run " + arguments).split(" ", -1));
        assertThat(ended.exitCode()).isEqualTo(125);
        assertThat(ended.stderr().lines()).singleElement().asString().startsWith("ns: ").contains(reason);
    }

    private record Sets(long ambient, long effective, long bounding) {}

    private static Sets run(String... options) throws Exception {
        List<String> all = new ArrayList<>(List.of("--unshare-user"));
        all.addAll(List.of(options));
        return sets(all.toArray(String[]::new));
    }

    private static Sets sets(String... options) throws Exception {
        List<String> arguments = new ArrayList<>(List.of("run"));
        arguments.addAll(List.of(options));
        arguments.addAll(List.of("--", "cat", "/proc/thread-self/status"));
        Ended ended = NsProcess.run(arguments.toArray(String[]::new));
        assertThat(ended.stderr()).isEmpty();
        return new Sets(set(ended.stdout(), "CapAmb:"), set(ended.stdout(), "CapEff:"), set(ended.stdout(), "CapBnd:"));
    }

    private static long set(String status, String field) {
        return status.lines().filter(line -> line.startsWith(field))
                .map(line -> Long.parseLong(line.substring(field.length()).strip(), 16)).findFirst().orElseThrow();
    }
}
