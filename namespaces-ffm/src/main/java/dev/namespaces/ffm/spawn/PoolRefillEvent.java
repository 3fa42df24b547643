package dev.namespaces.ffm.spawn;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/** A process set up to wait in a pool, for the JDK's Flight Recorder. */
@Name("dev.namespaces.PoolRefill")
@Label("Pool Refill")
@Category("Namespaces")
@Description("A process that a NamespacePool has set up to wait for a command, or could not set up")
@StackTrace(false)
final class PoolRefillEvent extends Event {

    @Label("Process Identifier")
    @Description("The process, or 0 where it could not be set up")
    long pid;
}
