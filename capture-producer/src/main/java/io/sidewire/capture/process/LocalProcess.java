package io.sidewire.capture.process;

/**
 * A process of this host.
 *
 * @param executable path of its executable, or the name that the kernel keeps where the path may not be read
 * @param containerId null outside of containers
 */
public record LocalProcess(int pid, String executable, String containerId) {}
