/** Floor 1: system calls, error numbers, structures and architectures, as Linux defines them. */
package dev.namespaces.ffm.linux;
