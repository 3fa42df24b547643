package dev.namespaces;

import static org.assertj.core.api.Assertions.assertThat;

import dev.namespaces.spi.MountStep;
import dev.namespaces.spi.NamespaceSpec;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class PlanTest {

    private static final byte[] BYTES = {1, 2};

    @Test
    void everyKindIsNamedWithWhatIsInIt() {
        NamespaceSpec spec = Namespace.builder().cgroup().ipc().mount().pid().time().net(NetConfig::withoutLoopback)
                .user(UserConfig::mapCurrent).uts(u -> u.hostname("box").domainName("d")).newSession().noNewPrivileges()
                .spec();

        assertThat(Plan.of(spec)).containsExactly("new namespaces: cgroup, ipc, mount, net, pid, time, user, uts",
                "a session of its own", "the JVM's user and group keep their ids", "root: the host's",
                "propagation of all mounts: private", "/proc: proc of the new pid namespace", "host name: box",
                "domain name: d", "loopback interface: down", "no_new_privs: set",
                "the command runs under an init, which is PID 1");
    }

    @Test
    void whatIsSaidOfAKindThatIsNotCreatedDoesNotCount() {
        assertThat(Plan.of(NamespaceSpec.NOTHING)).containsExactly("no new namespaces");
        assertThat(Plan.of(Namespace.builder().pid(PidConfig::asPid1).net().spec())).containsExactly(
                "new namespaces: net, pid", "loopback interface: up", "the command is PID 1");
    }

    @Test
    void aNetworkIsDescribed() {
        assertThat(Plan.of(Namespace.builder().net(n -> n.veth("eth0", "box").mtu("eth0", 1400)
                .mac("eth0", "02:00:00:00:00:01").bridge("lan", "eth0").down("eth0").address("lan", "10.9.0.1/24")
                .gateway("10.9.0.254").neighbour("lan", "10.9.0.254", "02:00:00:00:00:fe")
                .sysctl("net.ipv4.ip_forward", "1")).spec())).containsExactly("new namespaces: net",
                        "loopback interface: up",
                        "interface eth0: one end of a pair, the other is box in the JVM's network, port of lan, MTU 1400, MAC 02:00:00:00:00:01, down",
                        "interface lan: a bridge", "address of lan: 10.9.0.1/24", "route: default via 10.9.0.254",
                        "neighbour on lan: 10.9.0.254 is 02:00:00:00:00:fe", "sysctl net.ipv4.ip_forward: 1");
    }

    @Test
    void whatIsOfTheHostsNetworkIsDescribed() {
        assertThat(Plan.of(Namespace.builder().net(n -> n.macvlan("eth0", "lan0", MacvlanMode.BRIDGE)
                .move("eth7", "wan").mtu("wan", 1400)).spec())).containsExactly("new namespaces: net",
                        "loopback interface: up",
                        "interface eth0: a macvlan on lan0 in the JVM's network, mode bridge",
                        "interface wan: eth7 of the JVM's network, moved in, and back in the end, MTU 1400");
    }

    @Test
    void procIsMountedAnewWithTheHostsRootAlone() {
        assertThat(Plan.of(Namespace.builder().pid().mount(m -> m.emptyRoot()).spec()))
                .noneMatch(line -> line.startsWith("/proc"));
        assertThat(Plan.of(Namespace.builder().mount().spec())).noneMatch(line -> line.startsWith("/proc"));
    }

    @Test
    void aRootOfItsOwnIsDescribed() {
        assertThat(mounts(m -> m.root(Path.of("/r"), MountFlag.READ_ONLY).propagation(Propagation.SLAVE)))
                .containsExactly(
                        "root: /r of the host, with what is mounted below it (read-only, nodev);"
                                + " the command starts in / unless told otherwise",
                        "propagation of all mounts: slave");
        assertThat(mounts(m -> m.deviceRoot(Path.of("/r")))).first().asString()
                .startsWith("root: /r of the host, with what is mounted below it; ");
    }

    @Test
    void everyStepIsDescribedInTheOrderWritten() {
        List<IdRange> ids = List.of(new IdRange(0, 1000, 1));
        List<Path> lower = List.of(Path.of("/top"), Path.of("/bottom"));

        assertThat(mounts(m -> m.bind("/a").readOnlyBindIfExists(Path.of("/h"), "/b", MountFlag.NOEXEC)
                .idmappedBind(Path.of("/h"), "/c", ids, ids).tmpfs("/d").tmpfs("/e", 4096, 0700, MountFlag.NOEXEC)
                .proc().sysfs().mqueue("/f").devpts("/g").dev().overlay(lower, Path.of("/up"), Path.of("/work"), "/i")
                .temporaryOverlay(lower, "/j").readOnlyOverlay(lower, "/k").file("/l", BYTES, 0600)
                .bindData("/m", BYTES, 0600).readOnlyFile("/n", BYTES).directory("/o").symlink("x y", "/p")
                .chmod("/q", 0).remountReadOnly("/").mask("/r").readOnlyPath("/s")
                .propagation("/t", Propagation.UNBINDABLE)).subList(2, 25)).containsExactly(
                        "/a: /a of the host, with what is mounted below it (nosuid, nodev)",
                        "/b: /h of the host, with what is mounted below it (read-only, nosuid, nodev, noexec),"
                                + " unless it is missing",
                        "/c: /h of the host, with what is mounted below it (nosuid, nodev),"
                                + " its users shown as [0 1000 1] and its groups as [0 1000 1]",
                        "/d: an empty file system in memory, permissions 1777 (nosuid, nodev)",
                        "/e: an empty file system in memory, of 4096 bytes, permissions 0700 (nosuid, nodev, noexec)",
                        "/proc: proc, the processes of the pid namespace", "/sys: sysfs, the kernel's devices",
                        "/f: mqueue, the message queues of the IPC namespace",
                        "/g: devpts, pseudo-terminals of its own",
                        "/dev: harmless devices, and pseudo-terminals of its own",
                        "/i: an overlay of /top over /bottom, what is written kept in /up (work directory /work)",
                        "/j: an overlay of /top over /bottom, what is written kept in memory",
                        "/k: a read-only overlay of /top over /bottom", "/l: a new file of 2 bytes, permissions 0600",
                        "/m: a file in memory of 2 bytes, permissions 0600",
                        "/n: a file in memory of 2 bytes, permissions 0444 (read-only)",
                        "/o: a directory, if it is missing with permissions 0755", "/p: a symbolic link to x y",
                        "/q: permissions 0000", "/: from here on read-only, without what is mounted below",
                        "/r: hidden, if it is there", "/s: read-only with what is mounted below, if it is there",
                        "/t: propagation unbindable");
    }

    @Test
    void aDescriptorsFileIsNamedByItsInode() {
        MountStep bind = new MountStep.Bind(Path.of("/h"), "/x", new MountStep.FileIdentity(7, 8), false, Set.of(),
                null);

        assertThat(Plan.words(bind)).isEqualTo(
                "/h of the host, with what is mounted below it, if that is still inode 8 of device 7");
    }

    @Test
    void aLineStaysALine() {
        assertThat(mounts(m -> m.symlink("x\n/: hidden\u001b[2J", "/a"))).last()
                .isEqualTo("/a: a symbolic link to x?/: hidden?[2J");
    }

    private static List<String> mounts(Consumer<MountConfig> calls) {
        List<String> lines = Plan.of(Namespace.builder().mount(calls).spec());
        return lines.subList(1, lines.size());
    }

    @Test
    void usersGroupsAndClocksAreNamed() {
        NamespaceSpec spec = Namespace.builder()
                .user(user -> user.map(0, 1000, 1).mapUsers(1, 2000, 10).denySetgroups().forbidNestedUserNamespaces())
                .time(time -> time.monotonic(Duration.ofHours(-2)).boottime(Duration.ofDays(1))).runAs(5, 0).spec();

        assertThat(Plan.of(spec)).containsExactly("new namespaces: time, user",
                "user ids inside: 0 (outside 1000),"
                        + " 1-10 (outside 2000-2009)",
                "group ids inside: 0 (outside 1000)", "setgroups: denied",
                "no user namespaces inside: the command is in a second one, nested in the one that has the limit",
                "monotonic clock: the host's less PT2H", "boot-time clock: the host's and PT24H",
                "the command runs as user 5 and group 0");
    }
}
