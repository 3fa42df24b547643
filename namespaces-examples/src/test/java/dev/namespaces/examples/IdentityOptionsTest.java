package dev.namespaces.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.namespaces.examples.NsProcess.Ended;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Who the kernel says that the command is. */
class IdentityOptionsTest {

    @Test
    void theUserAndTheGroupAreThoseAskedFor() throws Exception {
        String[] maps = run("--unshare-user --uid 1234 --gid 5678 -- cat /proc/self/uid_map /proc/self/gid_map");
        assertThat(maps).containsExactly("1234 " + Caller.user() + " 1", "5678 " + Caller.group() + " 1");
        assertThat(run("--unshare-user --uid 1234 --gid 5678 -- id -u")).containsExactly("1234");
        assertThat(run("--unshare-user --uid 1234 --gid 5678 -- id -g")).containsExactly("5678");
    }

    @Test
    void whichOfTheTwoIsNotGivenKeepsItsId() throws Exception {
        assertThat(run("--unshare-user --uid 1234 -- cat /proc/self/gid_map"))
                .containsExactly(Caller.group() + " " + Caller.group() + " 1");
        assertThat(run("--unshare-user --gid 1234 -- cat /proc/self/uid_map"))
                .containsExactly(Caller.user() + " " + Caller.user() + " 1");
    }

    @Test
    void rangesAreMappedAsAsked() throws Exception {
        List<String> users = ranges("/etc/subuid", Caller.user());
        List<String> groups = ranges("/etc/subgid", Caller.group());
        List<String> arguments = new ArrayList<>(List.of("run", "--unshare-user"));
        users.forEach(range -> arguments.addAll(List.of("--map-users", range)));
        groups.forEach(range -> arguments.addAll(List.of("--map-groups", range)));
        arguments.addAll(List.of("--", "cat", "/proc/self/uid_map", "/proc/self/gid_map"));

        List<String> asked = new ArrayList<>(users);
        asked.addAll(groups);
        assertThat(lines(NsProcess.run(arguments.toArray(String[]::new))))
                .containsExactly(asked.stream().map(range -> range.replace(':', ' ')).toArray(String[]::new));
    }

    @Test
    void mapAutoGivesTheSubordinateIdsOrSaysThatThereAreNone() throws Exception {
        Ended ended = NsProcess.run("run", "--unshare-user", "--map-auto", "--", "cat", "/proc/self/uid_map");
        if (Caller.isRoot()) {
            assertOwnError(ended, "/etc/subuid", "root");
        } else {
            assertThat(lines(ended)).startsWith("0 " + Caller.user() + " 1").hasSizeGreaterThan(1);
        }
    }

    @Test
    void theCommandRunsAsAnotherOfTheMappedIdsWithTheseGroupsAlone() throws Exception {
        List<String> users = ranges("/etc/subuid", Caller.user());
        List<String> groups = ranges("/etc/subgid", Caller.group());
        List<String> arguments = new ArrayList<>(List.of("run", "--unshare-user", "--unshare-pid"));
        users.forEach(range -> arguments.addAll(List.of("--map-users", range)));
        groups.forEach(range -> arguments.addAll(List.of("--map-groups", range)));
        arguments.addAll(List.of("--run-as", "3:4,5,2", "--", "grep", "-E", "^(Uid|Gid|Groups|CapEff):",
                "/proc/thread-self/status"));

        assertThat(lines(NsProcess.run(arguments.toArray(String[]::new)))).containsExactly("Uid: 3 3 3 3",
                "Gid: 4 4 4 4", "Groups: 2 5", "CapEff: 0000000000000000");
    }

    @Test
    void withoutAUserNamespaceOnlyRootRunsACommandAsSomebodyElse() throws Exception {
        Ended ended = NsProcess.run("run", "--run-as", "61234", "--", "sh", "-c", "id -u; id -G");
        if (Caller.isRoot()) {
            assertThat(lines(ended)).containsExactly("61234", "61234");
        } else {
            assertOwnError(ended, "change the user and group ids");
        }
    }

    @Test
    void withUserNamespacesDisabledThereIsNoneInside() throws Exception {
        Ended ended = NsProcess.run("run", "--unshare-user", "--disable-userns", "--assert-userns-disabled", "--",
                "unshare", "--user", "echo", "made");
        assertThat(ended.exitCode()).isEqualTo(1);
        assertThat(ended.stdout()).isEmpty();
        assertThat(ended.stderr()).contains("unshare");
    }

    @Test
    void thatThereIsNoneIsNotBelievedWithoutAReason() throws Exception {
        assertOwnError(NsProcess.run("run", "--assert-userns-disabled", "--", "true"),
                "the command could create user namespaces");
        assertOwnError(
                NsProcess.run("run", "--unshare-user", "--uid", "1234", "--assert-userns-disabled", "--", "true"),
                "--disable-userns");
    }

    @Test
    void whereSomebodyElseHasDisabledThemThatIsFound() throws Exception {
        Process nested = NsProcess.startUnder(
                NsProcess.ns("run", "--unshare-user", "--uid", "1234", "--disable-userns", "--"),
                "run", "--assert-userns-disabled", "--", "echo", "ran");
        Ended ended = NsProcess.end(nested, "");
        assertThat(ended.stderr()).isEmpty();
        assertThat(ended.stdout()).isEqualTo("ran\n");
    }

    @Test
    void withAllTheNetworkCanBeShared() throws Exception {
        String host = Files.readSymbolicLink(Path.of("/proc/self/ns/net")).toString();
        assertThat(run("--all --share-net -- readlink /proc/self/ns/net")).containsExactly(host);
        assertThat(run("--all -- readlink /proc/self/ns/net")).doesNotContain(host);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"--uid 1 true | --uid and --gid need --unshare-user",
            "--map-auto true | need --unshare-user",
            "--disable-userns true | --disable-userns needs --unshare-user",
            "--unshare-user --map-users 0:0:1 true | --map-users and --map-groups need each other",
            "--unshare-user --uid 1 --map-current true | exclude each other",
            "--unshare-user --map-auto --map-root true | exclude each other",
            "--unshare-user --uid -1 true | not an id for --uid: \"-1\"",
            "--unshare-user --uid 4294967295 true | ids go from 0 to 4294967294",
            "--unshare-user --map-users 0:0:0 --map-groups 0:0:1 true | at least one",
            "--unshare-user --map-users 0:0:2 --map-users 1:9:1 --map-groups 0:0:1 true | overlap",
            "--unshare-user --map-users 0,0,1 --map-groups 0:0:1 true | not a range of ids",
            "--unshare-user --run-as 5 true | the command cannot run as user 5",
            "--run-as 1000: true | not a user as UID", "--run-as  true | not a user as UID",
            "--run-as 0x0 true | not a user as UID", "--run-as -1 true | not a user as UID",
            "--run-as 4294967296 true | not a user as UID", "--share-net true | --share-net needs --all",
            "--all --share-net --unshare-net true | exclude each other"})
    void wrongUseIsOneLineThatSaysWhatIsWrong(String arguments, String reason) throws Exception {
        assertOwnError(NsProcess.here(("run " + arguments).split(" ", -1)), reason);
    }

    /** Two ranges that this user may map: anything as root, otherwise its own id and the first of those that it is granted. */
    private static List<String> ranges(String file, long own) throws Exception {
        if (Caller.isRoot()) {
            return List.of("0:100000:3", "3:200000:5");
        }
        String name = System.getProperty("user.name");
        String grant = Files.readAllLines(Path.of(file)).stream().filter(line -> line.startsWith(name + ":"))
                .findFirst().orElseThrow();
        return List.of("0:" + own + ":1", "1:" + grant.split(":", -1)[1] + ":7");
    }

    private static String[] run(String options) throws Exception {
        List<String> arguments = new ArrayList<>(List.of("run"));
        arguments.addAll(Arrays.asList(options.split(" ", -1)));
        return lines(NsProcess.run(arguments.toArray(String[]::new)));
    }

    private static String[] lines(Ended ended) {
        assertThat(ended.stderr()).isEmpty();
        return ended.stdout().lines().map(line -> line.strip().replaceAll("\\s+", " ")).toArray(String[]::new);
    }

    private static void assertOwnError(Ended ended, String... parts) {
        assertThat(ended.exitCode()).isEqualTo(125);
        assertThat(ended.stderr().lines()).singleElement().asString().startsWith("ns: ").contains(parts);
    }
}
