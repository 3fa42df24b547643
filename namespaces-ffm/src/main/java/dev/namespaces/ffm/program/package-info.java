/** Floor 2: syscall programs, which run in a child that can run neither Java nor libc. */
package dev.namespaces.ffm.program;
