package snippets;

import dev.namespaces.Command;
import dev.namespaces.Namespace;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;

/** An app that converts uploads with nothing but /usr and one folder in sight. */
class Uploads {

    // @start region="box"
    static final Namespace BOX = Namespace.builder().user().pid().net().ipc()
            .mount(m -> m.emptyRoot().readOnlyBind("/usr").symlink("usr/bin", "/bin").tmpfs("/tmp").proc().dev())
            .noNewPrivileges().build();

    static void thumbnail(Path directory) throws IOException, InterruptedException {
        BOX.toBuilder().mount(m -> m.bind(directory, "/work"))
                .run(Command.of("convert", "in.png", "-resize", "64x64", "out.png").directory("/work")
                        .timeout(Duration.ofSeconds(5)))
                .orThrow();
    }
    // @end

    // @start region="legacy"
    static Process legacy(ProcessBuilder builder) throws IOException {
        return Namespace.isSupported() ? BOX.spawn(Command.from(builder)) : builder.start();
    }
    // @end
}
