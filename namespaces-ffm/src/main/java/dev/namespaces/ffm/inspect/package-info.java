/** Floor 3: all namespaces that can be seen. */
package dev.namespaces.ffm.inspect;
