package dev.namespaces.ffm.spawn;

import static org.assertj.core.api.Assertions.assertThat;

import dev.namespaces.Namespace;
import dev.namespaces.NamespaceProcess;
import java.io.Closeable;
import java.io.FileInputStream;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Which descriptors reach a command: 0, 1 and 2, whatever the JVM has open. */
@ExtendWith(LeavesNothingBehind.class)
class DescriptorsTest {

    private static final int EACH = 500;

    /** With its first socket the JDK opens one more, which it keeps. */
    @BeforeAll
    static void warmUp() throws Exception {
        new DatagramSocket().close();
    }

    @ParameterizedTest
    @EnumSource(Way.class)
    void ofAThousandDescriptorsOfTheJvmTheCommandHasNone(Way way) throws Exception {
        List<Closeable> open = new ArrayList<>();
        try {
            for (int i = 0; i < EACH; i++) {
                open.add(new FileInputStream("/dev/zero"));
                open.add(new DatagramSocket(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)));
            }
            assertThat(Proc.descriptors(Proc.SELF)).hasSizeGreaterThan(2 * EACH);
            assertCommandHasThreeDescriptors(way);
        } finally {
            for (Closeable each : open) {
                each.close();
            }
        }
    }

    private static void assertCommandHasThreeDescriptors(Way way) throws Exception {
        Namespace namespace = way.namespace();
        try (NamespaceProcess first = namespace.spawn("cat"); NamespaceProcess second = namespace.spawn("cat")) {
            for (NamespaceProcess process : List.of(first, second)) {
                process.outputWriter().append("loaded\n").flush(); // once it answers, the loader has closed what it has read
                assertThat(process.inputReader().readLine()).isEqualTo("loaded");
                Map<Integer, String> descriptors = Proc.descriptors(way.command(process));

                assertThat(descriptors).containsOnlyKeys(0, 1, 2);
                assertThat(descriptors.values()).doesNotHaveDuplicates().allMatch(target -> target.startsWith("pipe:"));
            }
        }
    }

    @ParameterizedTest
    @EnumSource(value = Way.class, names = {"INIT", "ALL"})
    void theInitHasNoneButThePipeOfItsReport(Way way) throws Exception {
        try (NamespaceProcess process = way.namespace().spawn("cat");
                FileInputStream _ = new FileInputStream("/dev/zero");
                NamespaceProcess second = way.namespace().spawn("cat")) {
            for (NamespaceProcess each : List.of(process, second)) {
                assertThat(Await.value("the init to have one descriptor", () -> Proc.descriptors(each.pid()),
                        descriptors -> descriptors.size() == 1).values())
                        .allMatch(target -> target.startsWith("pipe:"));
            }
        }
    }
}
