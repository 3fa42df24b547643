/**
 * Start processes in Linux namespaces, straight from the JVM.
 *
 * <p>
 * {@link dev.namespaces.Namespace#builder()} is the way in: choose the kinds, then {@link dev.namespaces.Spawner#spawn spawn} or
 * {@link dev.namespaces.Spawner#run run} a {@link dev.namespaces.Command}.
 */
package dev.namespaces;
