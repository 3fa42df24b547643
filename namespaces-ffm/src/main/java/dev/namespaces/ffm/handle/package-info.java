/** Floor 3: namespaces that exist, held by a descriptor. */
package dev.namespaces.ffm.handle;
