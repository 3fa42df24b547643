package dev.namespaces.ffm.spawn;

import static dev.namespaces.Capability.CHOWN;
import static dev.namespaces.Capability.DAC_OVERRIDE;
import static dev.namespaces.Capability.KILL;
import static dev.namespaces.Capability.NET_ADMIN;
import static dev.namespaces.Capability.SETPCAP;
import static dev.namespaces.Capability.SYSLOG;
import static dev.namespaces.Capability.SYS_ADMIN;
import static dev.namespaces.Capability.SYS_CHROOT;
import static dev.namespaces.Capability.SYS_PTRACE;
import static dev.namespaces.ffm.spawn.CapabilitySets.all;
import static dev.namespaces.ffm.spawn.CapabilitySets.other;
import static dev.namespaces.ffm.spawn.CapabilitySets.root;
import static dev.namespaces.ffm.spawn.CapabilitySets.set;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.namespaces.CapabilityConfig;
import dev.namespaces.Hardening;
import dev.namespaces.Namespace;
import dev.namespaces.NamespaceBuilder;
import dev.namespaces.NamespaceException;
import dev.namespaces.NamespaceHandle;
import dev.namespaces.NamespaceKind;
import dev.namespaces.NamespaceProcess;
import dev.namespaces.OpenNamespace;
import dev.namespaces.Step;
import dev.namespaces.ffm.linux.ChildJvm;
import dev.namespaces.ffm.linux.OrdinaryUser;
import dev.namespaces.spi.CapabilitySpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The five sets of a command's capabilities, whichever way it is started, and that what is dropped is gone for good. */
@ExtendWith(LeavesNothingBehind.class)
class CapabilitiesTest {

    /** Needs CAP_SYS_CHROOT, and nothing else. */
    private static final String CHROOT = "/usr/sbin/chroot / true 2> /dev/null && echo can || echo cannot";

    @TempDir
    Path folder;

    // ---- by default

    @Test
    void aPlainCommandHasWhatItsUserHasAndNothingToHandOn() throws Exception {
        long bounding = CapabilitySets.of(Proc.SELF).bounding();

        assertThat(CapabilitySets.of(Namespace.builder()))
                .isEqualTo(OrdinaryUser.isSelf() ? other(bounding, 0) : root(bounding, 0));
    }

    @ParameterizedTest
    @EnumSource(value = Way.class, mode = EnumSource.Mode.EXCLUDE, names = "PLAIN")
    void innerRootHasEveryCapabilityAndNothingToHandOn(Way way) throws Exception {
        assertThat(CapabilitySets.of(way.builder())).isEqualTo(root(all(), 0));
    }

    @ParameterizedTest
    @EnumSource(value = Way.class, mode = EnumSource.Mode.EXCLUDE, names = "PLAIN")
    void anyOtherUserHasNone(Way way) throws Exception {
        assertThat(CapabilitySets.of(asOther(way))).isEqualTo(other(all(), 0));
    }

    // ---- as asked for

    @ParameterizedTest
    @EnumSource(value = Way.class, mode = EnumSource.Mode.EXCLUDE, names = "PLAIN")
    void innerRootHasWhatIsLeft(Way way) throws Exception {
        assertThat(sets(way.builder(), c -> c.drop(CHOWN, SYS_ADMIN)))
                .isEqualTo(root(all() & ~set(CHOWN, SYS_ADMIN), 0));
        assertThat(sets(way.builder(), c -> c.dropAll())).isEqualTo(root(0, 0));
        assertThat(sets(way.builder(), c -> c.keepOnly(KILL, SYSLOG))).isEqualTo(root(set(KILL, SYSLOG), 0));
        assertThat(sets(way.builder(), c -> c.dropAll().add(SYSLOG))).isEqualTo(root(set(SYSLOG), set(SYSLOG)));
        assertThat(sets(way.builder(), c -> c.add(SYSLOG))).isEqualTo(root(all(), set(SYSLOG)));
        assertThat(sets(way.builder(), c -> c.addAll().drop(CHOWN)))
                .isEqualTo(root(all() & ~set(CHOWN), all() & ~set(CHOWN)));
    }

    @ParameterizedTest
    @EnumSource(value = Way.class, mode = EnumSource.Mode.EXCLUDE, names = "PLAIN")
    void anyOtherUserHasWhatIsAdded(Way way) throws Exception {
        assertThat(sets(asOther(way), c -> c.add(SYSLOG, KILL))).isEqualTo(other(all(), set(SYSLOG, KILL)));
        assertThat(sets(asOther(way), c -> c.dropAll().add(SYSLOG))).isEqualTo(other(set(SYSLOG), set(SYSLOG)));
        assertThat(sets(asOther(way), c -> c.keepOnly(KILL, CHOWN).add(SYSLOG)))
                .isEqualTo(other(set(KILL, CHOWN, SYSLOG), set(SYSLOG)));
        assertThat(sets(asOther(way), c -> c.addAll())).isEqualTo(other(all(), all()));
        assertThat(sets(asOther(way).noNewPrivileges(), c -> c.dropAll().add(SYSLOG)))
                .isEqualTo(other(set(SYSLOG), set(SYSLOG)));
    }

    @ParameterizedTest
    @EnumSource(value = Way.class, mode = EnumSource.Mode.EXCLUDE, names = "PLAIN")
    void inTheNamespaceThatForbidsOthersItIsTheSame(Way way) throws Exception {
        NamespaceBuilder root = way.builder().user(user -> user.forbidNestedUserNamespaces());
        NamespaceBuilder other = asOther(way).user(user -> user.forbidNestedUserNamespaces());

        assertThat(CapabilitySets.of(root)).isEqualTo(root(all(), 0));
        assertThat(CapabilitySets.of(other)).isEqualTo(other(all(), 0));
        assertThat(sets(root, c -> c.keepOnly(KILL).add(SYSLOG))).isEqualTo(root(set(KILL, SYSLOG), set(SYSLOG)));
        assertThat(sets(other, c -> c.keepOnly(KILL).add(SYSLOG))).isEqualTo(other(set(KILL, SYSLOG), set(SYSLOG)));
    }

    @ParameterizedTest
    @EnumSource(value = Way.class, mode = EnumSource.Mode.EXCLUDE, names = "PLAIN")
    void whatSettingUpTakesMayBeDropped(Way way) throws Exception {
        NamespaceBuilder builder = way.builder().mount(m -> m.emptyRoot().readOnlyBind("/usr")
                .symlink("usr/bin", "/bin").symlink("usr/lib", "/lib").symlink("usr/lib64", "/lib64").dev())
                .uts(uts -> uts.hostname("set")).time(time -> time.boottime(Duration.ofDays(1))).newSession();

        assertThat(Child.script(builder.capabilities(c -> c.dropAll()), "uname -n; umount /dev 2>&1 || echo cannot"))
                .startsWith("set\n").endsWith("cannot");
    }

    @Test
    void noNewPrivilegesTakesNothingFromRoot() throws Exception {
        assertThat(sets(Way.INIT.builder().noNewPrivileges(), c -> c.drop(CHOWN)))
                .isEqualTo(root(all() & ~set(CHOWN), 0));
    }

    // ---- for good

    @ParameterizedTest
    @EnumSource(value = Way.class, mode = EnumSource.Mode.EXCLUDE, names = "PLAIN")
    void whatIsDroppedCannotBeUsedNorRegained(Way way) throws Exception {
        assertThat(Child.script(way.builder(), CHROOT)).isEqualTo("can");

        assertThat(Child.script(way.builder().capabilities(c -> c.drop(SYS_CHROOT)), CHROOT + "; sh -c '" + CHROOT
                + "'; setpriv --inh-caps=+sys_chroot true 2> /dev/null && echo inheritable"
                + "; setpriv --bounding-set=+sys_chroot --reuid=0 sh -c '" + CHROOT
                + "'; grep CapBnd /proc/self/status"))
                .isEqualTo("cannot\ncannot\ncannot\nCapBnd:\t%016x".formatted(all() & ~set(SYS_CHROOT)));
    }

    @Test
    void whatIsAddedCanBeUsedByAnotherUserAndItsChildren() throws Exception {
        for (Way way : new Way[]{Way.USER, Way.ALL}) {
            assertThat(Child.script(asOther(way), CHROOT)).isEqualTo("cannot");
            assertThat(Child.script(asOther(way).capabilities(c -> c.add(SYS_CHROOT)), CHROOT + "; sh -c '" + CHROOT
                    + "'")).isEqualTo("can\ncan");
        }
    }

    @Test
    @Tag("slow-under-emulation") // starts a JVM
    void setuidProgramsDoNotGiveItBack() throws Exception {
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxrwxrwx"));
        Path inside = Files.createDirectory(folder.resolve("inside"));
        Files.setPosixFilePermissions(inside, PosixFilePermissions.fromString("rwxrwxrwx"));

        assertThat(Accounts.in(folder).jvm(Setuid.class, inside.toString()).output()).isEqualTo("""
                with it: can, chown can
                without: cannot, chown cannot
                under no_new_privs: 1ffffffffff
                """.replace("1ffffffffff", Long.toHexString(all())));
    }

    /** Prints what a user inside may do by a program that is setuid root there, and root by chown(2). */
    static final class Setuid {
        static void main(String[] arguments) throws Exception {
            long first = MapsTest.granted(Integer.MAX_VALUE);
            Namespace namespace = Namespace.builder().user(user -> user.map(0, first, 1000)).build();
            String script = """
                    cd "$1"
                    cp /usr/sbin/chroot program
                    chmod 4755 program
                    setpriv --reuid=5 --regid=5 --clear-groups ./program / true 2> /dev/null && echo -n can || echo -n cannot
                    chown 5 program 2> /dev/null && echo ", chown can" || echo ", chown cannot"
                    rm program
                    """;
            System.out.println("with it: " + Child.script(namespace, script, arguments));
            System.out.println("without: " + Child.script(
                    namespace.toBuilder().capabilities(c -> c.drop(SYS_CHROOT, CHOWN)), script, arguments));
            System.out.println("under no_new_privs: "
                    + Long.toHexString(CapabilitySets.of(namespace.toBuilder().noNewPrivileges()).effective()));
        }
    }

    @Test
    void theInitHasLostItBeforeTheCommandRuns() throws Exception {
        NamespaceBuilder builder = Way.ALL.builder().capabilities(c -> c.keepOnly(SYS_PTRACE, DAC_OVERRIDE));
        long left = set(SYS_PTRACE, DAC_OVERRIDE);

        assertThat(Child.script(builder, "grep -E 'Cap(Prm|Bnd)' /proc/1/status")).isEqualTo(
                "CapPrm:\t%016x\nCapBnd:\t%016x".formatted(left | set(KILL), left));
        try (NamespaceProcess process = Child.ready(builder, "echo ready; cat")) {
            assertThat(CapabilitySets.of(process.pid()))
                    .isEqualTo(new CapabilitySets(0, left | set(KILL), left | set(KILL), left, 0));
            assertThat(CapabilitySets.of(Proc.onlyChild(process.pid()))).isEqualTo(root(left, 0));
            Await.until("the init to have nothing but its report", () -> Proc.descriptors(process.pid()).size() == 1);
            process.destroy();
            assertThat(process.waitFor()).isEqualTo(143);
        }
    }

    // ---- without a user namespace

    @Test
    @Tag("slow-under-emulation") // starts a JVM
    void rootNeedsNoUserNamespace() throws Exception {
        long all = all();
        String each = root(all & ~set(CHOWN), 0) + "\n" + root(set(KILL, SYSLOG), set(SYSLOG)) + "\n"
                + root(all, all) + "\n";

        assertThat(ChildJvm.of(AsRoot.class).by("unshare", "--user", "--map-root-user").output())
                .isEqualTo(each.repeat(3));
    }

    /** Prints the sets of commands of each route. */
    static final class AsRoot {
        static void main() throws Exception {
            for (NamespaceBuilder builder : new NamespaceBuilder[]{Namespace.builder(),
                    Namespace.builder().pid(pid -> pid.asPid1()), Namespace.builder().pid().mount()}) {
                System.out.println(sets(builder, c -> c.drop(CHOWN)));
                System.out.println(sets(builder, c -> c.keepOnly(KILL).add(SYSLOG)));
                System.out.println(sets(builder, c -> c.addAll()));
            }
        }
    }

    @Test
    @Tag("slow-under-emulation") // starts JVMs
    void whatTheJvmCouldHandOnIsGoneUnlessAskedFor() throws Exception {
        long all = all();
        assertThat(ChildJvm.of(HandsOn.class).by("unshare", "--user", "--map-root-user", "setpriv",
                "--inh-caps=+kill,+syslog", "--ambient-caps=+kill").output().lines())
                .containsExactly(handedOn(root(all, 0), root(all, set(SYSLOG)), root(all & ~set(KILL), 0)));
        assertThat(ChildJvm.of(HandsOn.class).by("unshare", "--user", "--map-current-user", "--keep-caps")
                .asOrdinaryUser().output().lines())
                .containsExactly(handedOn(other(all, 0), other(all, set(SYSLOG)), other(all & ~set(KILL), 0)));
    }

    private static String[] handedOn(CapabilitySets... expected) {
        return Stream.of(expected).flatMap(sets -> Stream.of(sets, sets)).map(CapabilitySets::toString)
                .toArray(String[]::new);
    }

    /** Prints the sets of commands without a user namespace, with and without an init. */
    static final class HandsOn {
        static void main() throws Exception {
            for (Consumer<CapabilityConfig> what : List.<Consumer<CapabilityConfig>>of(c -> {}, c -> c.add(SYSLOG),
                    c -> c.drop(KILL))) {
                System.out.println(sets(Namespace.builder(), what));
                System.out.println(sets(Namespace.builder().pid(), what));
            }
        }
    }

    // ---- in namespaces that are there already

    @Test
    void inAUserNamespaceThatIsJoinedTheyAreAsAskedFor() throws Exception {
        try (NamespaceProcess sandbox = Child.ready(Namespace.builder().user(), "echo ready; cat");
                NamespaceHandle user = NamespaceHandle.of(NamespaceKind.USER, sandbox)) {
            for (NamespaceBuilder builder : new NamespaceBuilder[]{Namespace.builder().join(user),
                    Namespace.builder().join(user).pid().mount()}) {
                assertThat(CapabilitySets.of(builder)).isEqualTo(root(all(), 0));
                assertThat(sets(builder, c -> c.keepOnly(KILL).add(SYSLOG)))
                        .isEqualTo(root(set(KILL, SYSLOG), set(SYSLOG)));
                assertThat(sets(builder, c -> c.dropAll())).isEqualTo(root(0, 0));
            }
        }
    }

    @Test
    void whoJoinsAProcessHasNoneThatItCannotHaveUnlessThatIsLeftOut() throws Exception {
        NamespaceBuilder builder = Way.ALL.builder().capabilities(c -> c.drop(CHOWN, SYSLOG));
        try (NamespaceProcess sandbox = Child.ready(builder, "echo ready; cat")) {
            NamespaceBuilder joining = Namespace.builder().joinAll(sandbox);

            assertThat(CapabilitySets.of(joining)).isEqualTo(root(all() & ~set(CHOWN, SYSLOG), 0));
            assertThat(sets(joining, c -> c.keepOnly(KILL, CHOWN))).isEqualTo(root(set(KILL), 0));
            assertThat(CapabilitySets.of(Namespace.builder().joinAll(sandbox, Hardening.CAPABILITIES)))
                    .isEqualTo(root(all(), 0));
        }
    }

    @ParameterizedTest
    @EnumSource(value = Way.class, mode = EnumSource.Mode.EXCLUDE, names = "PLAIN")
    void inLiveNamespacesTheyAreAsAskedForAndTheirHolderHasNoOthers(Way way) throws Exception {
        try (OpenNamespace open = way.builder().mount().capabilities(c -> c.keepOnly(SYS_PTRACE).add(SYSLOG)).open()) {
            assertThat(CapabilitySets.of(open)).isEqualTo(root(set(SYS_PTRACE, SYSLOG), set(SYSLOG)));
            if (way.hasPidNamespace()) {
                assertThat(Child.script(open, "grep -E 'Cap(Prm|Bnd)' /proc/1/status"))
                        .isEqualTo("CapPrm:\t%016x\nCapBnd:\t%016x"
                                .formatted(0, set(SYS_PTRACE, SYSLOG)));
            }
        }
        try (OpenNamespace open = asOther(way).capabilities(c -> c.dropAll().add(SYSLOG)).open()) {
            assertThat(CapabilitySets.of(open)).isEqualTo(other(set(SYSLOG), set(SYSLOG)));
        }
    }

    // ---- refusals

    @Test
    @Tag("slow-under-emulation") // starts a JVM
    void withoutAUserNamespaceAnOrdinaryUserCanNeitherDropNorAdd() throws Exception {
        assertThat(ChildJvm.of(Tries.class).asOrdinaryUser().output().lines()).containsExactly(
                "DROP_CAPABILITY EPERM without a user namespace this takes CAP_SETPCAP, which this process lacks: add .user()",
                "ADD_CAPABILITY EPERM without a user namespace a command can be given no more than this process has: add .user()");
    }

    /** Tries both. */
    static final class Tries {
        static void main() throws Exception {
            System.out.println(Attempt.of(Namespace.builder().capabilities(c -> c.drop(CHOWN))));
            System.out.println(Attempt.of(Namespace.builder().capabilities(c -> c.add(NET_ADMIN))));
        }
    }

    @Test
    @Tag("slow-under-emulation") // starts a JVM
    void whatRootHasLostCannotBeAddedAndIsNamed() throws Exception {
        assertThat(ChildJvm.of(Adds.class).by("unshare", "--user", "--map-root-user", "setpriv",
                "--bounding-set=-net_admin,-setpcap").output().lines()).containsExactly(
                        "cannot add CAP_SETPCAP, CAP_NET_ADMIN", "cannot drop CAP_CHOWN");
    }

    /** Adds what is not there, and drops what may not be dropped. */
    static final class Adds {
        static void main() throws Exception {
            for (Consumer<CapabilityConfig> what : List.<Consumer<CapabilityConfig>>of(
                    c -> c.add(SETPCAP, CHOWN, NET_ADMIN), c -> c.drop(CHOWN))) {
                try (NamespaceProcess process = Namespace.builder().capabilities(what).spawn("true")) {
                    System.out.println("started " + process);
                } catch (NamespaceException e) {
                    System.out.println("cannot " + e.step().words() + " " + e.detail());
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource(value = Way.class, mode = EnumSource.Mode.EXCLUDE, names = "PLAIN")
    void aMissingProgramIsToldAndWhatWasMadeTakenBackByWhoeverMayStill(Way way) throws Exception {
        Path root = Files.createDirectory(folder.resolve("root"));
        NamespaceBuilder builder = way.builder().capabilities(c -> c.dropAll())
                .mount(mount -> mount.root(root).readOnlyBind(Path.of("/usr"), "/a/usr").tmpfs("/b"));

        assertThatExceptionOfType(NamespaceException.class).isThrownBy(() -> builder.spawn("/no/such/program"))
                .satisfies(e -> assertThat(e.step()).isEqualTo(Step.EXECUTE));

        assertThat(content(root)).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(value = Way.class, names = {"USER", "ALL"})
    void everyRefusalIsToldAndLeavesNothing(Way way) throws Exception {
        List<Refused.Spawn> spawns = Refused.each(way.namespace().kinds(),
                CapabilitySpec.DEFAULT.only(set(KILL)).with(set(SYSLOG)));
        for (int i = 0; i < spawns.size(); i++) {
            String which = "system call " + i + " of " + spawns.size();
            try (NamespaceProcess process = spawns.get(i).of("true")) {
                assertThat(process.waitFor()).as(which).isZero(); // without something that another call does as well
            } catch (NamespaceException e) {
                assertThat(e.errnoName()).as(which + ": " + e).isEqualTo("ENOSYS");
            }
        }
        assertThat(spawns).hasSizeGreaterThan(40);
    }

    private static List<Path> content(Path root) throws IOException {
        try (Stream<Path> files = Files.list(root)) {
            return files.toList();
        }
    }

    private static CapabilitySets sets(NamespaceBuilder builder, Consumer<CapabilityConfig> what) throws Exception {
        return CapabilitySets.of(builder.build().toBuilder().capabilities(what));
    }

    /** Where the command is not root inside: an ordinary user as itself, or somebody whom root has mapped. */
    private static NamespaceBuilder asOther(Way way) {
        return OrdinaryUser.isSelf()
                ? way.builder().user(user -> user.mapCurrent())
                : way.builder().user(user -> user.map(0, 300_000, 100)).runAs(5, 5);
    }
}
