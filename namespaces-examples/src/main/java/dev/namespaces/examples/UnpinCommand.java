package dev.namespaces.examples;

import dev.namespaces.NamespaceException;
import dev.namespaces.NamespaceHandle;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Parameters;

/** {@code ns unpin}: undoes {@link PinCommand}. */
@CommandLine.Command(name = "unpin", mixinStandardHelpOptions = true, //
        description = "Takes a namespace off the file that it is mounted on, and removes the file. Takes CAP_SYS_ADMIN.")
final class UnpinCommand implements Callable<Integer> {

    @Parameters(paramLabel = "PATH", description = "the file")
    private Path path = Path.of("");

    @Override
    public Integer call() throws NamespaceException {
        NamespaceHandle.unpin(path);
        return 0;
    }
}
