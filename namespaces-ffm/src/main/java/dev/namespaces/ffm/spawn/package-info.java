/** Floor 3: what is to be isolated becomes a syscall program; the processes that it starts; their streams and their end. */
package dev.namespaces.ffm.spawn;
