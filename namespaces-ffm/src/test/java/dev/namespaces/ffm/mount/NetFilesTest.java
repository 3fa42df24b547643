package dev.namespaces.ffm.mount;

import static org.assertj.core.api.Assertions.assertThat;

import dev.namespaces.MountConfig;
import dev.namespaces.NamespaceBuilder;
import dev.namespaces.ffm.spawn.Child;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.junit.jupiter.api.Test;

/** The files that say how names are found. */
class NetFilesTest extends MountTest {

    private static final String HOSTS = "127.0.0.1 localhost\n::1 localhost\n10.9.8.7 repository.example\nfd00:9::7 repository.example\n";
    private static final String RESOLVER = "nameserver 10.0.2.3\nnameserver fd00::3\nsearch example.org x";
    private static final String BOTH = HOSTS + RESOLVER;
    private static final String READ = "cat /etc/hosts /etc/resolv.conf";

    private static NamespaceBuilder named(NamespaceBuilder box) {
        return box.net(n -> n.hosts("repository.example", "10.9.8.7").hosts("repository.example", "fd00:9::7")
                .nameServer("10.0.2.3").nameServer("fd00::3").searchDomain("example.org").searchDomain("x"));
    }

    @Test
    void inAnEmptyRootTheyAreMade() throws Exception {
        assertThat(Child.script(named(emptyBox(_ -> {})), READ)).isEqualTo(BOTH);
        assertThat(Child.script(named(emptyBox(mount -> mount.remountReadOnly("/"))), READ)).isEqualTo(BOTH);
        assertThat(Child.script(named(emptyBox(_ -> {})), "getent hosts repository.example"))
                .matches("fd00:9::7 +repository\\.example");
    }

    @Test
    void nobodyCanWriteToThem() throws Exception {
        assertThat(Child.script(named(emptyBox(_ -> {})), """
                for file in /etc/hosts /etc/resolv.conf; do
                    echo more 2>&- >> $file || rm $file 2>&- || chmod 666 $file 2>&- || echo refused
                done""")).isEqualTo("refused\nrefused");
    }

    @Test
    void onTheHostsFilesTheHostsOwnStayAsTheyAre() throws Exception {
        String hosts = Files.readString(Path.of("/etc/hosts"));
        String resolver = Files.readString(Path.of("/etc/resolv.conf"));

        assertThat(Child.script(named(box(MountConfig::hostRoot)), READ)).isEqualTo(BOTH);
        assertThat(Path.of("/etc/hosts")).hasContent(hosts);
        assertThat(Path.of("/etc/resolv.conf")).hasContent(resolver);
    }

    /** As systemd-resolved makes it one, whose own directory may be there or not. */
    @ParameterizedTest
    @ValueSource(strings = {"../run/resolve/stub.conf", "/run/resolve/stub.conf", "../../../../run/resolve/stub.conf",
            "/no/such/file"})
    void theResolversFileMayBeALink(String link) throws Exception {
        Path root = rootDirectory();
        Path etc = Files.createDirectory(root.resolve("etc"));
        Path resolver = Files.createSymbolicLink(etc.resolve("resolv.conf"), Path.of(link));
        Path stub = Files.createDirectories(root.resolve("run/resolve")).resolve("stub.conf");
        Files.writeString(stub, "the host's");
        List<Consumer<MountConfig>> roots = List.of(mount -> Programs.show(mount.root(root)),
                mount -> mount.hostRoot().bind(etc, "/etc"),
                mount -> Programs.make(mount.emptyRoot()).bind(etc, "/etc").bind(root.resolve("run"), "/run"));
        Files.createFile(etc.resolve("hosts"));

        for (Consumer<MountConfig> files : roots) {
            assertThat(Child.script(named(box(files)), READ)).isEqualTo(BOTH);
        }
        assertThat(Files.readSymbolicLink(resolver)).hasToString(link);
        assertThat(stub).hasContent("the host's");
        assertThat(names(etc)).containsExactly("hosts", "resolv.conf");
        assertThat(names(root)).doesNotContain("no");
    }
}
