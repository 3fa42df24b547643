package dev.namespaces.ffm.spawn;

import dev.namespaces.spi.CommandSpec;
import java.util.Objects;

/** Does what the command's owner wants done before its program is executed. */
final class ActionKeeper implements Gates.Keeper {

    @Override
    public void pass(Newborn child, Gates.Arrival arrival, CommandSpec command) {
        Objects.requireNonNull(command.beforeExec()).accept(child.pid());
    }
}
