package dev.namespaces.ffm.spawn;

import dev.namespaces.NamespaceException;
import dev.namespaces.NamespaceProcess;
import dev.namespaces.spi.CommandSpec;
import dev.namespaces.spi.NamespaceSpec;
import dev.namespaces.spi.Outcome;

/** Starts commands in the namespaces of a process, which is looked at anew for each. */
final class JoiningStarter implements Starter {

    private final NamespaceSpec spec;
    private final ProcessHandle process;

    JoiningStarter(NamespaceSpec spec, ProcessHandle process) {
        this.spec = spec;
        this.process = process;
    }

    @Override
    public NamespaceProcess spawn(CommandSpec command) throws NamespaceException {
        try (JoinedProcess joined = JoinedProcess.open(spec, process)) {
            return Recipe.of(joined.job(Job.Purpose.RUN)).spawn(command);
        }
    }

    @Override
    public Outcome run(CommandSpec command) throws NamespaceException, InterruptedException {
        try (JoinedProcess joined = JoinedProcess.open(spec, process)) {
            return Recipe.of(joined.job(Job.Purpose.RUN)).run(command);
        }
    }

    @Override
    public Holder hold() throws NamespaceException {
        return Holder.open(spec, process);
    }

    @Override
    public String explain() throws NamespaceException {
        try (JoinedProcess joined = JoinedProcess.open(spec, process)) {
            return Recipe.of(joined.job(Job.Purpose.RUN)).explain();
        }
    }
}
