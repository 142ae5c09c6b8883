package io.sidewire.capture;

/** Where packets come from: a live interface, or capture files. */
public interface PacketSource extends AutoCloseable {
  /** Copies the bytes of one frame, which are elsewhere and valid during the call only. */
  @FunctionalInterface
  interface FrameBytes {
    void copyTo(byte[] target, int offset, int length);
  }

  /** Takes frames on the capture thread. */
  interface FrameSink {
    /** Frames that follow belong to this input. */
    void begin(CaptureInput input) throws InterruptedException;

    /**
     * One frame.
     *
     * @param linkType DLT or LINKTYPE number
     * @param captured bytes there are of it
     * @param wireLength its original length
     * @param timeMicros packet time, epoch microseconds
     */
    void frame(int linkType, int captured, int wireLength, long timeMicros, FrameBytes bytes)
        throws InterruptedException;

    /** No more frames for now: what was given should not wait. */
    void flush();

    /** No frame of the input will follow. */
    void end() throws InterruptedException;
  }

  /**
   * Delivers frames until the source's end or {@link #stop}, on the calling thread.
   *
   * @throws CaptureException where packets cannot be had, naming the fix
   */
  void run(FrameSink out) throws InterruptedException;

  /** Makes {@link #run} return soon; from any thread, any number of times. */
  void stop();

  /** True for a live capture: a full queue drops, and the wall clock ticks. */
  boolean live();

  @Override
  void close();
}
