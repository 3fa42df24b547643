/** Floor 3, above {@code ffm.spawn}: namespaces without a command, and Java code inside of them. */
package dev.namespaces.ffm.live;
