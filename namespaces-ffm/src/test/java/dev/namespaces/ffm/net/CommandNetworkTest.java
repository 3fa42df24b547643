package dev.namespaces.ffm.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.namespaces.MountConfig;
import dev.namespaces.Namespace;
import dev.namespaces.NamespaceBuilder;
import dev.namespaces.NamespaceException;
import dev.namespaces.NamespaceHandle;
import dev.namespaces.NamespaceKind;
import dev.namespaces.NamespaceProcess;
import dev.namespaces.OpenNamespace;
import dev.namespaces.Step;
import dev.namespaces.ffm.linux.OrdinaryUser;
import dev.namespaces.ffm.linux.Tool;
import dev.namespaces.ffm.spawn.LeavesNothingBehind;
import dev.namespaces.ffm.spawn.Refused;
import dev.namespaces.spi.LinkSpec;
import dev.namespaces.spi.NetSpec;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Networks that commands are started in, however they come about. */
@ExtendWith(LeavesNothingBehind.class)
class CommandNetworkTest {

    @BeforeAll
    static void findIp() {
        Tool.find("ip");
    }

    /** What else there may be. */
    enum Besides {
        USER, CURRENT_USER, NESTED, INIT, PID_1, CLOCKS, NO_CAPABILITIES, OWN_FILES;

        Namespace namespace() {
            NamespaceBuilder builder = Namespace.builder().user().net(Networks::describe);
            return (switch (this) {
                case USER -> builder;
                case CURRENT_USER -> builder.user(u -> u.mapCurrent());
                case NESTED -> builder.user(u -> u.forbidNestedUserNamespaces());
                case INIT -> builder.pid();
                case PID_1 -> builder.pid(p -> p.asPid1()).dieWithJvm();
                case CLOCKS -> builder.pid().time(t -> t.boottime(Duration.ofDays(1)));
                case NO_CAPABILITIES -> builder.capabilities(c -> c.dropAll()).noNewPrivileges();
                case OWN_FILES -> builder.pid().mount(m -> system(m).proc());
            }).build();
        }
    }

    private static MountConfig system(MountConfig mount) {
        return mount.emptyRoot().readOnlyBind("/usr").symlink("usr/bin", "/bin").symlink("usr/sbin", "/sbin")
                .symlink("usr/lib", "/lib").symlink("usr/lib64", "/lib64");
    }

    @ParameterizedTest
    @EnumSource
    void itContainsWhatWasDescribed(Besides besides) throws Exception {
        Namespace namespace = besides.namespace();

        Networks.check(namespace);
        Networks.checkSysctls(namespace);
    }

    @ParameterizedTest
    @EnumSource
    void soItDoesWhenItIsLive(Besides besides) throws Exception {
        try (OpenNamespace live = besides.namespace().open()) {
            Networks.check(live);
            Networks.checkSysctls(live);
        }
    }

    @Test
    void asRootNoUserNamespaceIsNeededAndIdsMayBeMappedAtWill() throws Exception {
        assumeThat(OrdinaryUser.isSelf()).as("an ordinary user").isFalse();

        Networks.check(Namespace.builder().net(Networks::describe).build());
        Networks.check(Namespace.builder().user(u -> u.map(0, 1_000_000, 65_536)).net(Networks::describe).build());
        Networks.check(Namespace.builder().pid().net(Networks::describe).runAs(1234, 1234).build());
    }

    @Test
    void theHostsProcNeedsNotBeInSight() throws Exception {
        Networks.check(Namespace.builder().user().mount(m -> system(m)).net(Networks::describe).build());
    }

    @Test
    void aCommandThatJoinsAUserNamespaceHasOneToo() throws Exception {
        try (NamespaceProcess process = Namespace.builder().user().uts().spawn("cat");
                NamespaceHandle user = NamespaceHandle.of(NamespaceKind.USER, process);
                NamespaceHandle uts = NamespaceHandle.of(NamespaceKind.UTS, process)) {
            Namespace namespace = Namespace.builder().join(user).join(uts).pid().net(Networks::describe).build();

            Networks.check(namespace);
            Networks.checkSysctls(namespace);
        }
    }

    @Test
    void aRefusalHasTheKernelsWordsAndNothingIsLeft() {
        Namespace namespace = Namespace.builder().user()
                .net(n -> n.bridge("lan").address("lan", "10.9.0.1/24").gateway("10.9.0.255")).build();

        assertThatExceptionOfType(NamespaceException.class).isThrownBy(() -> namespace.run("true"))
                .satisfies(e -> {
                    assertThat(e.step()).isEqualTo(Step.ADD_ROUTE);
                    assertThat(e.detail()).contains("default via 10.9.0.255", "Nexthop has invalid gateway");
                });
        assertThatExceptionOfType(NamespaceException.class).isThrownBy(namespace::open)
                .satisfies(e -> assertThat(e.step()).isEqualTo(Step.ADD_ROUTE));
    }

    @Test
    void whicheverSystemCallIsRefusedNothingIsLeft() throws Exception {
        NetSpec net = new NetSpec(true, List.of(new LinkSpec("lan", new LinkSpec.Bridge())), List.of(), List.of(),
                List.of(), Map.of("net.ipv4.ip_forward", "1", "net.ipv4.conf.lan.rp_filter", "2"));
        List<Refused.Spawn> spawns = Refused.each(Set.of(NamespaceKind.USER, NamespaceKind.NET), net);
        int refused = 0;
        for (Refused.Spawn spawn : spawns) {
            try (NamespaceProcess process = spawn.of("true")) {
                assertThat(process.waitFor()).isZero(); // without something that another call does as well
            } catch (NamespaceException e) {
                assertThat(e.errnoName()).isEqualTo("ENOSYS");
                refused++;
            }
        }
        assertThat(refused).as("of %s", spawns.size()).isGreaterThan(12);
    }

    @Test
    void sysctlsAreRefusedByName() {
        assertRefused("net.ipv4.no_such_thing", "1", "ENOENT", "a network namespace has no such sysctl here");
        assertRefused("net.ipv4.conf.gone.rp_filter", "1", "ENOENT", "to an interface that is not there");
        assertRefused("net.ipv4.ip_forward", "word", "EINVAL", "it does not take this value");
    }

    private static void assertRefused(String name, String value, String errno, String remedy) {
        Namespace namespace = Namespace.builder().user().pid().net(n -> n.bridge("lan").sysctl(name, value)).build();

        assertThatExceptionOfType(NamespaceException.class).isThrownBy(() -> namespace.run("true")).satisfies(e -> {
            assertThat(e.step()).isEqualTo(Step.SET_SYSCTL);
            assertThat(e.detail()).isEqualTo(name + " to " + value);
            assertThat(e.errnoName()).isEqualTo(errno);
            assertThat(e.remedy().orElseThrow()).contains(remedy);
        });
    }

    @Test
    void whatIsMadeStandsInTheExplanation() {
        assertThat(Namespace.builder().user().net(Networks::describe).build().explain()).contains(
                "interface lan: a bridge, MTU 1400, MAC 02:00:00:00:00:01", "sysctl net.ipv4.ip_forward: 1",
                "{gate 1: make the network}", "AF_NETLINK", "openat(/proc/sys/net", "\"ipv4/ip_forward\"");
        assertThat(Namespace.builder().user().net().build().explain()).doesNotContain("gate", "AF_NETLINK");
    }
}
