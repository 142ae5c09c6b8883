package io.sidewire.processor.fold;

import io.sidewire.schemas.EpochState;
import io.sidewire.schemas.PacketBatch;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Lets each batch in once, and keeps the clock of each epoch.
 *
 * <p>Batches of one (host, epoch, shard) come in order of their sequence: a lower one is a repeat, a higher one means
 * that some are missing. What was missing is let in when it comes after all, and is missing no more. An epoch is read
 * from wherever its first batch is found.
 *
 * <p>Wall time plays one part: an epoch that is silent for long is taken for ended.
 */
public final class AdmitFold {

  /** What the fold tells. */
  public interface Out {
    /** A batch that is no repeat, a tick's packets included. */
    void batch(Scope scope, PacketBatch batch);

    /** A tick; the clock of the scope is at it. */
    void tick(Scope scope, HealthChange health);

    /** Nothing more comes of this epoch. */
    void end(Scope scope, boolean endOfFile);

    /** The end of an epoch that ended before came again. */
    void repeated(Scope scope, long duplicates);

    /** The epoch is so old that repeats of it are no longer recognised. */
    void forget(Scope scope);
  }

  /** A live epoch counts as alive so long after its last batch. */
  private static final long ALIVE_MILLIS = 10_000;

  private final Duration silence;
  private final Duration memory;
  private final int fileEpochs;
  private final StateMap<EpochState> epochs;
  private final Out out;
  private final Map<String, Scope> scopes = new HashMap<>();
  private final Map<String, Long> heardAt = new HashMap<>();
  private long openedAt = Long.MIN_VALUE;

  /**
   * @param silence after so long without a batch an epoch is taken for ended
   * @param memory repeats of an ended capture file are recognised for so long
   * @param fileEpochs ended files that are remembered at most
   */
  public AdmitFold(
      Duration silence, Duration memory, int fileEpochs, StateMap<EpochState> epochs, Out out) {
    this.silence = silence;
    this.memory = memory;
    this.fileEpochs = fileEpochs;
    this.epochs = epochs;
    this.out = out;
  }

  /**
   * Takes a batch.
   *
   * @param appendedAt broker's time of the record, epoch milliseconds
   * @param now wall clock, epoch milliseconds
   */
  public void accept(PacketBatch batch, long appendedAt, long now) {
    String key = Scope.key(batch.getHost(), batch.getEpoch(), batch.getShard());
    EpochState state = epochs.get(key);
    boolean first = state == null;
    if (first) {
      state = begin(batch, appendedAt);
    }
    Scope scope = scope(key, state);
    heardAt.put(key, now);
    if (first || batch.getSequence() > state.getLastSequence()) {
      if (!first) {
        long missed = Holes.add(state.getHoles(), state.getLastSequence(), batch.getSequence());
        state.setMissing(state.getMissing() + missed);
      }
      state.setLastSequence(batch.getSequence());
    } else if (!state.getEnded() && Holes.fill(state.getHoles(), batch.getSequence())) {
      state.setMissing(state.getMissing() - 1);
    } else {
      repeated(key, state, scope, batch);
      return;
    }
    state.setLastAt(appendedAt);
    state.setEnded(false);
    boolean tick = batch.getTick() != null;
    if (tick) {
      scope.advance(batch.getTick().getPacketClock());
      state.setClock(scope.clock());
    }
    if (!tick || !batch.getUnflowed().isEmpty() || batch.getFlow() != null) {
      out.batch(scope, batch);
    }
    if (tick) {
      var health = new HealthChange(
          batch.getTick(),
          state.getMissing(),
          state.getDuplicates(),
          scope.file() ? 1 : liveEpochs(state));
      state.setMissing(0);
      state.setDuplicates(0);
      out.tick(scope, health);
      if (batch.getTick().getEndOfFile()) {
        state.setEnded(true);
        out.end(scope, true);
      }
    }
    epochs.put(key, state);
  }

  /** Ends epochs that are silent, forgets those that are old; {@code now} is the wall clock. */
  public void sweep(long now) {
    openedAt = openedAt == Long.MIN_VALUE ? now : openedAt;
    var endedFiles = new ArrayList<EpochState>();
    epochs.all((key, state) -> {
      // What was heard before this task was opened is not known: it gets its whole time again.
      long heard = heardAt.getOrDefault(key, openedAt);
      if (!state.getEnded() && now - heard > silence.toMillis()) {
        state.setEnded(true);
        out.end(scope(key, state), false);
        epochs.put(key, state);
      } else if (state.getEnded() && now - state.getLastAt() > memoryOf(state)) {
        forget(key, state);
      } else if (state.getEnded() && state.getFile()) {
        endedFiles.add(state);
      }
    });
    endedFiles.sort(Comparator.comparingLong(EpochState::getLastAt));
    for (EpochState state : oldest(endedFiles)) {
      forget(Scope.key(state.getHost(), state.getEpoch(), state.getShard()), state);
    }
  }

  private List<EpochState> oldest(List<EpochState> endedFiles) {
    return endedFiles.subList(0, Math.max(0, endedFiles.size() - fileEpochs));
  }

  private long memoryOf(EpochState state) {
    return state.getFile() ? memory.toMillis() : silence.toMillis() * 6;
  }

  private void forget(String key, EpochState state) {
    out.forget(scope(key, state));
    epochs.remove(key);
    scopes.remove(key);
    heardAt.remove(key);
  }

  private void repeated(String key, EpochState state, Scope scope, PacketBatch batch) {
    state.setDuplicates(state.getDuplicates() + 1);
    boolean end = batch.getTick() != null && batch.getTick().getEndOfFile();
    if (state.getEnded() && end) {
      out.repeated(scope, state.getDuplicates());
      state.setDuplicates(0);
    }
    epochs.put(key, state);
  }

  private static EpochState begin(PacketBatch batch, long appendedAt) {
    var state = new EpochState();
    state.setHost(batch.getHost());
    state.setEpoch(batch.getEpoch());
    state.setShard(batch.getShard());
    state.setFile(batch.getFile());
    state.setFirstAt(appendedAt);
    state.setHoles(new ArrayList<>());
    return state;
  }

  private Scope scope(String key, EpochState state) {
    return scopes.computeIfAbsent(key, k -> Scope.of(state));
  }

  /** This epoch, and others of its host and shard that went on after it began. */
  private int liveEpochs(EpochState state) {
    int live = 1;
    for (String key : heardAt.keySet()) {
      EpochState other = epochs.get(key);
      boolean another = other != null
          && other.getHost().equals(state.getHost())
          && other.getShard() == state.getShard()
          && !other.getEpoch().equals(state.getEpoch())
          && !other.getFile()
          && !other.getEnded();
      // Where one only followed the other, it began after the other's last batch.
      if (another
          && other.getLastAt() > state.getFirstAt()
          && state.getLastAt() > other.getFirstAt()
          && state.getLastAt() - other.getLastAt() < ALIVE_MILLIS) {
        live++;
      }
    }
    return live;
  }
}
