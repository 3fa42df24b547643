package snippets;

import dev.namespaces.Command;
import dev.namespaces.Namespace;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;

/** An app that converts uploads without a network and without a look at any other process. */
class Uploads {

    // @start region="box"
    static final Namespace BOX = Namespace.builder().user().pid().net().ipc().mount().noNewPrivileges().build();

    static void thumbnail(Path directory) throws IOException, InterruptedException {
        BOX.run(Command.of("convert", "in.png", "-resize", "64x64", "out.png").directory(directory.toString())
                .timeout(Duration.ofSeconds(5))).orThrow();
    }
    // @end

    // @start region="legacy"
    static Process legacy(ProcessBuilder builder) throws IOException {
        return Namespace.isSupported() ? BOX.spawn(Command.from(builder)) : builder.start();
    }
    // @end
}
