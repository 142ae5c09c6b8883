package io.sidewire.benchmarks.faults;

import io.sidewire.benchmarks.faults.Member.Role;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;

/** Faults at random moments, all decided by a seed: which ones, whom they hit, and the pauses between them. */
final class Chaos {
  /** What happens to a member. */
  enum Fault {
    PROCESSOR_KILLED_AND_STATE_LOST(Role.PROCESSOR),
    BROKER_KILLED(Role.BROKER),
    CAPTURE_KILLED(Role.CAPTURE),
    API_KILLED_AND_STATE_LOST(Role.API),
    PROCESSOR_FROZEN(Role.PROCESSOR),
    PROCESSOR_KILLED(Role.PROCESSOR),
    API_KILLED(Role.API);

    final Role role;

    Fault(Role role) {
      this.role = role;
    }
  }

  /** Faults of which every run has its share. */
  private static final int ALWAYS = 5;
  /** Longer than the group's patience: the others take over, and what wakes up must be fenced. */
  private static final long FREEZE_MILLIS = 5_000;

  private final Random random;
  private final Fleet fleet;
  private final Consumer<String> say;

  Chaos(long seed, Fleet fleet, Consumer<String> say) {
    this.random = new Random(seed);
    this.fleet = fleet;
    this.say = say;
  }

  /** The faults of a run, in their order: each kind once before any comes twice. */
  List<Fault> plan(int faults) {
    var plan = new ArrayList<Fault>();
    var first = new ArrayList<>(List.of(Fault.values()).subList(0, Math.min(ALWAYS, faults)));
    Collections.shuffle(first, random);
    plan.addAll(first);
    while (plan.size() < faults) {
      var round = new ArrayList<>(List.of(Fault.values()));
      Collections.shuffle(round, random);
      plan.addAll(round.subList(0, Math.min(round.size(), faults - plan.size())));
    }
    return plan;
  }

  /** Lets one fault happen after a random while, and brings back whom it hit; false where nobody was left to hit. */
  boolean strike(Fault fault, long meanPauseMillis) throws InterruptedException, IOException {
    Thread.sleep(meanPauseMillis / 2 + random.nextLong(meanPauseMillis));
    List<Member> able = fleet.of(fault.role).stream().filter(Member::isUp).toList();
    int choice = random.nextInt(1 << 20);
    long downMillis = 200 + random.nextLong(1_800);
    if (able.isEmpty()) {
      say.accept(fault + ": nobody left to hit");
      return false;
    }
    Member member = able.get(choice % able.size());
    if (fault == Fault.PROCESSOR_FROZEN) {
      say.accept(member + " frozen for " + FREEZE_MILLIS + " ms");
      member.freeze(FREEZE_MILLIS);
      return true;
    }
    member.kill();
    boolean lost = fault.name().endsWith("STATE_LOST");
    if (lost) {
      member.loseState();
    }
    say.accept(member + " killed" + (lost ? ", its state removed" : "") + ", back in " + downMillis
        + " ms");
    Thread.sleep(downMillis);
    member.start();
    return true;
  }
}
