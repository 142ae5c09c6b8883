package io.sidewire.capture.process;

/**
 * A process of this host.
 *
 * @param pid null where only its container is known
 * @param executable path of its executable, or the name that the kernel keeps where the path may not be read; null if neither is known
 * @param containerId null outside of containers
 */
public record LocalProcess(Integer pid, String executable, String containerId) {}
