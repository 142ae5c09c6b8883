/** Finds the local process of a flow by its socket, from {@code /proc}; off the path of the packets. */
package io.sidewire.capture.process;
