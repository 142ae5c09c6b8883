package io.sidewire.query;

import io.sidewire.query.store.Cursor;
import io.sidewire.query.store.ReadModel.PageRequest;
import jakarta.ws.rs.core.MultivaluedMap;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;

/**
 * The parameters of one request, read against what its path takes. Anything that is unknown or cannot be used is a
 * {@link Problem} that names the parameter and the fix.
 */
public final class Ask {
  private static final int DEFAULT_LIMIT = 100;
  private static final int MOST_ITEMS = 1_000;
  private static final int MOST_CHOICES = 50;
  private static final long DEFAULT_SPAN = 15 * 60 * Times.SECOND;
  private static final long LONGEST_STEP = 366 * 86_400 * Times.SECOND;

  private final MultivaluedMap<String, String> given;
  private final long nowMicros;

  /** @param nowMicros wall time, which relative moments are counted from */
  public Ask(ApiPath path, MultivaluedMap<String, String> given, long nowMicros) {
    this.given = given;
    this.nowMicros = nowMicros;
    for (String name : given.keySet()) {
      Param param = Param.of(name);
      if (param == null || !path.params().contains(param)) {
        throw refusal(path, name, param);
      }
    }
  }

  private static Problem refusal(ApiPath path, String name, Param known) {
    if (path == ApiPath.SUMMARY && (known == Param.STATUS || known == Param.MIN_LATENCY)) {
      return Problem.parameter(
          known, "summaries are kept without it; ask " + ApiPath.Paths.EXCHANGES + " for it");
    }
    return Problem.unknownParameter(name, Param.names(path.params()));
  }

  public Span span() {
    long to = moment(Param.TO, nowMicros);
    long from = moment(Param.FROM, to - DEFAULT_SPAN);
    if (from >= to) {
      throw Problem.parameter(
          Param.FROM, "must be before to; to is " + (given(Param.TO) ? "given as such" : "now"));
    }
    return new Span(from, to);
  }

  public PageRequest page() {
    Span span = span();
    return new PageRequest(span.from(), span.to(), cursor(), limit());
  }

  /** @param flowTypes those that exist: another one is a mistake, not an empty answer */
  public Filter filter(Supplier<Collection<String>> flowTypes) {
    List<String> types = choices(Param.FLOW_TYPE);
    if (!types.isEmpty()) {
      Collection<String> known = flowTypes.get();
      types.forEach(type -> flowType(type, known));
    }
    return new Filter(
        Match.anyOf(choices(Param.HOST)),
        Match.anyOf(types),
        Match.anyOf(choices(Param.SERVER)),
        Match.anyOf(choices(Param.OPERATION)),
        status(),
        minLatency());
  }

  /** One of some words. */
  public String word(Param param, List<String> words, String otherwise) {
    String value = one(param);
    if (value == null) {
      return otherwise;
    }
    if (!words.contains(value)) {
      throw unknownValue(param, value, words);
    }
    return value;
  }

  /** Some of some words. */
  public Set<String> words(Param param, List<String> words, Set<String> otherwise) {
    List<String> values = choices(param);
    for (String value : values) {
      if (!words.contains(value)) {
        throw unknownValue(param, value, words);
      }
    }
    return values.isEmpty() ? otherwise : new LinkedHashSet<>(values);
  }

  /** Length of a point in microseconds; 0 where none is given. */
  public long step() {
    String value = one(Param.STEP);
    if (value == null) {
      return 0;
    }
    long step;
    try {
      step = Times.length(value, "s");
    } catch (IllegalArgumentException e) {
      throw Problem.parameter(
          Param.STEP, Problem.echo(value) + " is no length of time; write 10s, 1m or 1h");
    }
    if (step < Span.WINDOW || step % Span.WINDOW != 0 || step > LONGEST_STEP) {
      throw Problem.parameter(
          Param.STEP, Problem.echo(value) + " is not a multiple of 10 s, at most 366 d");
    }
    return step;
  }

  private static void flowType(String type, Collection<String> known) {
    boolean exists = known.stream().anyMatch(type::equalsIgnoreCase);
    if (!exists) {
      throw unknownValue(Param.FLOW_TYPE, type, new TreeSet<>(known));
    }
  }

  private static Problem unknownValue(Param param, String value, Collection<String> known) {
    String near =
        Problem.nearest(value, known).map(one -> "; did you mean " + one + "?").orElse("");
    return Problem.parameter(
        param,
        Problem.echo(value) + " is unknown" + near + " (known: " + String.join(", ", known) + ")");
  }

  private long moment(Param param, long otherwise) {
    String value = one(param);
    if (value == null) {
      return otherwise;
    }
    try {
      return Times.moment(value, nowMicros);
    } catch (IllegalArgumentException e) {
      throw Problem.parameter(
          param,
          Problem.echo(value)
              + " is no time; write ISO-8601 (2026-01-31T12:00:00Z), epoch seconds, milliseconds or microseconds,"
              + " or relative (-15m, now-1h)");
    }
  }

  private Set<String> status() {
    var wanted = new LinkedHashSet<String>();
    for (String value : choices(Param.STATUS)) {
      String word = value.toLowerCase(Locale.ROOT);
      if (!word.matches("[1-9]\\d\\d") && !Filter.STATUS_WORDS.contains(word)) {
        throw Problem.parameter(
            Param.STATUS,
            Problem.echo(value)
                + " is no status; write an HTTP status, or one of "
                + String.join(", ", new TreeSet<>(Filter.STATUS_WORDS)));
      }
      wanted.add(word);
    }
    return wanted;
  }

  private long minLatency() {
    String value = one(Param.MIN_LATENCY);
    if (value == null) {
      return 0;
    }
    try {
      return Times.length(value, "ms");
    } catch (IllegalArgumentException e) {
      throw Problem.parameter(
          Param.MIN_LATENCY,
          Problem.echo(value) + " is no length of time; write 800us, 250ms or 1.5s");
    }
  }

  private int limit() {
    String value = one(Param.LIMIT);
    if (value == null) {
      return DEFAULT_LIMIT;
    }
    int limit = value.matches("\\d{1,6}") ? Integer.parseInt(value) : 0;
    if (limit < 1 || limit > MOST_ITEMS) {
      throw Problem.parameter(
          Param.LIMIT, Problem.echo(value) + " is not a number from 1 to " + MOST_ITEMS);
    }
    return limit;
  }

  private Cursor cursor() {
    String value = one(Param.CURSOR);
    if (value == null) {
      return null;
    }
    try {
      return Cursor.parse(value);
    } catch (IllegalArgumentException e) {
      throw Problem.parameter(
          Param.CURSOR, "not a nextCursor of an earlier answer; leave it out to begin anew");
    }
  }

  private boolean given(Param param) {
    return given.containsKey(param.wire());
  }

  private String one(Param param) {
    List<String> values = given.get(param.wire());
    if (values == null || values.isEmpty()) {
      return null;
    }
    if (values.size() > 1) {
      throw Problem.parameter(param, "given " + values.size() + " times; give it once");
    }
    if (values.get(0).isBlank()) {
      throw Problem.parameter(param, "is empty; give a value or leave it out");
    }
    return values.get(0);
  }

  private List<String> choices(Param param) {
    var choices = new ArrayList<String>();
    for (String value : given.getOrDefault(param.wire(), List.of())) {
      for (String choice : value.split(",")) {
        if (!choice.isBlank()) {
          choices.add(choice.strip());
        }
      }
    }
    if (choices.isEmpty() && given(param)) {
      throw Problem.parameter(param, "is empty; give a value or leave it out");
    }
    if (choices.size() > MOST_CHOICES) {
      throw Problem.parameter(
          param, choices.size() + " values are too many; at most " + MOST_CHOICES);
    }
    return choices;
  }
}
