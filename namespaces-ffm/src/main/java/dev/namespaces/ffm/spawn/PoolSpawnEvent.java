package dev.namespaces.ffm.spawn;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;

/** A command started by a pool, for the JDK's Flight Recorder. */
@Name("dev.namespaces.PoolSpawn")
@Label("Pool Spawn")
@Category("Namespaces")
@Description("A command that a NamespacePool has started, or could not start")
final class PoolSpawnEvent extends Event {

    @Label("Hit")
    @Description("Whether a process was waiting for it")
    boolean hit;

    @Label("Process Identifier")
    @Description("The process, or 0 where the command could not be started")
    long pid;
}
