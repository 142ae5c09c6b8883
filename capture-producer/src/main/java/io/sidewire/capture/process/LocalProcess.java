package io.sidewire.capture.process;

/**
 * A process of this host.
 *
 * @param pid null where only the container is known
 * @param executable path of its executable, or the name that the kernel keeps where the path may not be read; null where
 *     that is not known either
 * @param containerId null outside of containers
 */
public record LocalProcess(Integer pid, String executable, String containerId) {
  static LocalProcess ofContainer(String containerId) {
    return new LocalProcess(null, null, containerId);
  }
}
