/**
 * Start processes in Linux namespaces, straight from the JVM.
 *
 * <p>
 * {@link dev.namespaces.Namespace#builder()} is the way in: choose the kinds, then {@link dev.namespaces.Spawner#spawn spawn} or
 * {@link dev.namespaces.Spawner#run run} a {@link dev.namespaces.Command}.
 *
 * <h2>In an application</h2>
 *
 * <p>
 * One recipe, kept in a constant and spawned from often:
 *
 * {@snippet class="snippets.Uploads" region="box"}
 *
 * <p>
 * A {@link dev.namespaces.NamespaceProcess} is a {@link java.lang.Process}, and a {@link java.lang.ProcessBuilder} becomes a command, so existing
 * code moves over in a line:
 *
 * {@snippet class="snippets.Uploads" region="legacy"}
 *
 * <h2>Around code that nobody trusts</h2>
 *
 * <p>
 * {@link dev.namespaces.Spawner#run run} bounds time and output, and its {@link dev.namespaces.Result} tells how the command ended:
 *
 * {@snippet class="snippets.Judge" region="judge"}
 *
 * <h2>In a benchmark</h2>
 *
 * <p>
 * The kinds may be data:
 *
 * {@snippet class="snippets.SpawnCost" region="cost"}
 *
 * <h2>Namespaces that exist</h2>
 *
 * <p>
 * A {@link dev.namespaces.NamespaceHandle} holds one, {@link dev.namespaces.Namespaces#snapshot()} looks at all.
 */
package dev.namespaces;
