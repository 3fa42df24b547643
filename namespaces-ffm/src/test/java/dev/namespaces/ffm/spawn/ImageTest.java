package dev.namespaces.ffm.spawn;

import static org.assertj.core.api.Assertions.assertThat;

import dev.namespaces.Namespace;
import org.junit.jupiter.api.Test;

/**
 * The file of stage 2, which inner root can reach. Where the kernel cannot keep it from changing the mode, before Linux 6.3, another file takes its
 * place, so what is left behind is counted here by itself.
 */
class ImageTest {

    private static final Namespace UNDER_INIT = Namespace.builder().user().mount().pid().build();

    @Test
    void afterInnerRootHasDoneItsWorstToItTheNextSandboxStartsAndThereIsStillOne() throws Exception {
        for (int i = 0; i < 3; i++) {
            assertThat(Child.script(UNDER_INIT, """
                    (: > /proc/1/exe); (echo x >> /proc/1/exe); (echo x 1<> /proc/1/exe)
                    truncate -s 0 /proc/1/exe; truncate -s 1000000 /proc/1/exe
                    chmod 0 /proc/1/exe; chmod 0 /proc/1/map_files/*; rm -f /proc/1/exe
                    echo done""")).isEqualTo("done");
            assertThat(Child.script(UNDER_INIT, "echo fine")).isEqualTo("fine");
        }

        assertThat(Proc.descriptors(Proc.SELF).values()).filteredOn(file -> file.contains("memfd:namespaces-init"))
                .hasSize(1);
    }
}
