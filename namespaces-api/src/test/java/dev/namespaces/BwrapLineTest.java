package dev.namespaces;

import static org.assertj.core.api.Assertions.assertThat;

import dev.namespaces.spi.MountRoot;
import dev.namespaces.spi.MountSpec;
import dev.namespaces.spi.MountStep;
import dev.namespaces.spi.NamespaceSpec;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BwrapLineTest {

    private static final byte[] BYTES = {1, 2};
    private static final List<Path> LOWER = List.of(Path.of("/top"), Path.of("/bottom"));

    @Test
    void aPlainProcessSeesEverythingOfTheHosts() {
        assertThat(BwrapLine.of(NamespaceSpec.NOTHING)).isEqualTo("""
                # bwrap always sets no_new_privs
                # bwrap always makes a mount namespace
                bwrap --dev-bind / / \\
                    -- "$@"
                """);
    }

    @Test
    void whatANetworkContainsIsUnknownToBwrap() {
        assertThat(BwrapLine.of(Namespace.builder().net(n -> n.bridge("lan").address("lan", "10.9.0.1/24")
                .sysctl("net.ipv4.ip_forward", "1")).spec())).startsWith("""
                        # bwrap cannot express: interface lan: a bridge
                        # bwrap cannot express: address of lan: 10.9.0.1/24
                        # bwrap cannot express: sysctl net.ipv4.ip_forward: 1
                        """);
    }

    @Test
    void kindsAreUnsharedAndWhatIsUnknownToBwrapIsSaid() {
        assertThat(BwrapLine.of(Namespace.builder().cgroup().ipc().mount().pid(PidConfig::asPid1).time()
                .net(NetConfig::withoutLoopback).user().uts(u -> u.hostname("my box").domainName("d")).newSession()
                .noNewPrivileges().spec())).isEqualTo("""
                        # bwrap cannot express: a time namespace
                        # bwrap cannot express: the domain name d
                        # bwrap cannot express: a loopback interface that is down
                        bwrap --unshare-cgroup \\
                            --unshare-ipc \\
                            --unshare-net \\
                            --unshare-pid \\
                            --unshare-user \\
                            --unshare-uts \\
                            --uid 0 --gid 0 \\
                            --as-pid-1 \\
                            --hostname 'my box' \\
                            --new-session \\
                            --dev-bind / / \\
                            --proc /proc \\
                            -- "$@"
                        """);
    }

    @Test
    void whoKeepsTheirIdsNeedNoOptionForThem() {
        assertThat(BwrapLine.of(Namespace.builder().user(UserConfig::mapCurrent).spec())).doesNotContain("--uid");
    }

    @Test
    void everyMountIsAnOption() {
        assertThat(options(m -> m.emptyRoot().bind("/a").bindIfExists("/b").readOnlyBind(Path.of("/h"), "/c")
                .readOnlyBindIfExists("/d").deviceBind("/e").deviceBindIfExists("/f").tmpfs("/g").tmpfs("/h", 0755)
                .tmpfs("/i", 4096, 0700).proc().mqueue("/j").dev()
                .overlay(LOWER, Path.of("/up"), Path.of("/work"), "/k")
                .temporaryOverlay(LOWER, "/l").readOnlyOverlay(LOWER, "/m").tmpfs("/q", 0755, MountFlag.READ_ONLY)
                .directory("/n").directory("/o", 0700)
                .symlink("usr/bin", "/bin").chmod("/p", 01777).remountReadOnly("/"))).containsExactly("--chdir /",
                        "--bind /a /a", "--bind-try /b /b", "--ro-bind /h /c", "--ro-bind-try /d /d",
                        "--dev-bind /e /e",
                        "--dev-bind-try /f /f", "--perms 1777 --tmpfs /g", "--tmpfs /h",
                        "--perms 0700 --size 4096 --tmpfs /i", "--proc /proc", "--mqueue /j", "--dev /dev",
                        "--overlay-src /bottom", "--overlay-src /top", "--overlay /up /work /k",
                        "--overlay-src /bottom", "--overlay-src /top", "--tmp-overlay /l", "--overlay-src /bottom",
                        "--overlay-src /top", "--ro-overlay /m", "--tmpfs /q", "--remount-ro /q", "--dir /n",
                        "--perms 0700 --dir /o",
                        "--symlink usr/bin /bin", "--chmod 1777 /p", "--remount-ro /");
    }

    @Test
    void aDirectoryBecomesTheRootByABindOverIt() {
        assertThat(options(m -> m.root(Path.of("/r")))).containsExactly("--bind /r /", "--chdir /");
        assertThat(options(m -> m.root(Path.of("/r"), MountFlag.READ_ONLY))).contains("--ro-bind /r /");
        assertThat(options(m -> m.deviceRoot(Path.of("/r")))).contains("--dev-bind /r /");
    }

    @Test
    void contentComesFromDescriptors() {
        Consumer<MountConfig> calls = m -> m.emptyRoot().file("/a", BYTES, 0644).bindData("/b", BYTES, 0600)
                .readOnlyFile("/c", BYTES);

        assertThat(options(calls)).contains("--perms 0644 --file 10 /a", "--perms 0600 --bind-data 11 /b",
                "--perms 0444 --ro-bind-data 12 /c");
        assertThat(remarks(calls)).containsExactly("descriptor 10 must be open on the content of /a",
                "descriptor 11 must be open on the content of /b", "descriptor 12 must be open on the content of /c");
    }

    @Test
    void whatBwrapCannotMountIsSaid() {
        List<IdRange> ids = List.of(new IdRange(0, 0, 1));

        assertThat(remarks(m -> m.bind(Path.of("/h"), "/a", MountFlag.NOEXEC, MountFlag.NOATIME)
                .tmpfs("/b", MountFlag.NOEXEC).deviceBind(Path.of("/h"), "/c", MountFlag.READ_ONLY)
                .idmappedBind(Path.of("/h"), "/d", ids, ids).sysfs().devpts("/e").mask("/f").readOnlyPath("/g")
                .propagation(Propagation.SHARED).propagation("/h", Propagation.SLAVE))).containsExactly(
                        "bwrap cannot express: shared mounts", "bwrap cannot express: noexec on /a",
                        "bwrap cannot express: noatime on /a", "bwrap cannot express: noexec on /b",
                        "bwrap cannot express: devices on /c, which is read-only",
                        "bwrap cannot express: other owners on /d", "bwrap cannot express: sysfs on /sys",
                        "bwrap cannot express: devpts on /e", "bwrap cannot express: hiding /f if it is there",
                        "bwrap cannot express: making /g read-only if it is there",
                        "bwrap cannot express: slave mounts on /h");
    }

    @Test
    void aDescriptorsFileIsTakenByItsPath() {
        MountStep bind = new MountStep.Bind(Path.of("/h"), "/x", new MountStep.FileIdentity(7, 8), false,
                Set.of(MountFlag.NODEV), null);
        NamespaceSpec nothing = NamespaceSpec.NOTHING;
        NamespaceSpec spec = new NamespaceSpec(Set.of(NamespaceKind.MOUNT), nothing.user(), nothing.pid(),
                nothing.net(), nothing.time(), nothing.uts(),
                new MountSpec(new MountRoot.Empty(), List.of(bind), Propagation.PRIVATE),
                nothing.process().withNoNewPrivileges(), null, nothing.join());

        assertThat(BwrapLine.of(spec)).isEqualTo("""
                # bwrap would take whatever is at /h, unless given a descriptor: --bind-fd
                bwrap --chdir / \\
                    --bind /h /x \\
                    -- "$@"
                """);
    }

    @Test
    void aRemarkStaysOnItsLine() {
        assertThat(BwrapLine.of(Namespace.builder().mount(m -> m.mask("/a\nrm -rf b")).spec()))
                .contains("# bwrap cannot express: hiding /a?rm -rf b if it is there\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "a b", "it's", "''", "$HOME", "`id`", "\"x\"", "a\\b", "line\nline", "*", "~", "ä",
            "a;b", "#", "!", "--plain=/a:b,c@d%e+f"})
    void aShellReadsEveryWordAsItWas(String word) throws Exception {
        Process shell = new ProcessBuilder("sh", "-c", "printf '<%s>' " + BwrapLine.quoted(word)).start();

        assertThat(new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                .isEqualTo("<" + word + ">");
        assertThat(shell.waitFor()).isZero();
    }

    /** The groups of options, without the first line's program and the last one's command. */
    private static List<String> options(Consumer<MountConfig> calls) {
        String line = lines(calls).stream().filter(text -> !text.startsWith("#")).reduce("", String::concat);
        List<String> groups = Arrays.asList(line.substring("bwrap ".length()).split(" \\\\ {4}"));
        return groups.subList(0, groups.size() - 1);
    }

    private static List<String> remarks(Consumer<MountConfig> calls) {
        return lines(calls).stream().filter(text -> text.startsWith("# ")).map(text -> text.substring(2)).toList();
    }

    private static List<String> lines(Consumer<MountConfig> calls) {
        return BwrapLine.of(Namespace.builder().noNewPrivileges().mount(calls).spec()).lines().toList();
    }
}
