package io.sidewire.query;

import static io.sidewire.query.Param.CURSOR;
import static io.sidewire.query.Param.FLOW_TYPE;
import static io.sidewire.query.Param.FROM;
import static io.sidewire.query.Param.GROUP;
import static io.sidewire.query.Param.HOST;
import static io.sidewire.query.Param.KIND;
import static io.sidewire.query.Param.LIMIT;
import static io.sidewire.query.Param.METRIC;
import static io.sidewire.query.Param.MIN_LATENCY;
import static io.sidewire.query.Param.OPERATION;
import static io.sidewire.query.Param.SERVER;
import static io.sidewire.query.Param.STATUS;
import static io.sidewire.query.Param.STEP;
import static io.sidewire.query.Param.TO;

import java.util.EnumSet;
import java.util.Set;

/** The paths of the API with the parameters that each one takes; parsing and the OpenAPI document both follow it. */
public enum ApiPath {
  SUMMARY(Paths.SUMMARY, FROM, TO, HOST, FLOW_TYPE, SERVER, OPERATION),
  SERIES(Paths.SERIES, METRIC, STEP, GROUP, FROM, TO, HOST, FLOW_TYPE, SERVER, OPERATION),
  HEATMAP(Paths.HEATMAP, METRIC, STEP, FROM, TO, HOST, FLOW_TYPE, SERVER, OPERATION),
  EXCHANGES(
      Paths.EXCHANGES,
      FROM,
      TO,
      HOST,
      FLOW_TYPE,
      SERVER,
      OPERATION,
      STATUS,
      MIN_LATENCY,
      LIMIT,
      CURSOR),
  EXCHANGE(Paths.EXCHANGES + "/{id}"),
  INTERACTIONS(Paths.INTERACTIONS, FROM, TO, HOST, STATUS, MIN_LATENCY, LIMIT, CURSOR),
  INTERACTION(Paths.INTERACTIONS + "/{id}"),
  FLOWS(Paths.FLOWS, FROM, TO, HOST, FLOW_TYPE, SERVER, LIMIT, CURSOR),
  HOSTS(Paths.HOSTS, FROM, TO, HOST),
  FLOW_TYPES(Paths.FLOW_TYPES),
  LIVE(Paths.LIVE, KIND, HOST, FLOW_TYPE, SERVER, OPERATION, STATUS, MIN_LATENCY);

  /** The same as constants, for annotations. */
  public static final class Paths {
    public static final String ROOT = "/api/v1";
    public static final String SUMMARY = ROOT + "/summary";
    public static final String SERIES = ROOT + "/series";
    public static final String HEATMAP = ROOT + "/heatmap";
    public static final String EXCHANGES = ROOT + "/exchanges";
    public static final String INTERACTIONS = ROOT + "/interactions";
    public static final String FLOWS = ROOT + "/flows";
    public static final String HOSTS = ROOT + "/hosts";
    public static final String FLOW_TYPES = ROOT + "/flow-types";
    public static final String LIVE = ROOT + "/live";

    private Paths() {}
  }

  private final String path;
  private final Set<Param> params;

  ApiPath(String path, Param... params) {
    this.path = path;
    this.params = EnumSet.noneOf(Param.class);
    this.params.addAll(Set.of(params));
  }

  public String path() {
    return path;
  }

  public Set<Param> params() {
    return params;
  }
}
