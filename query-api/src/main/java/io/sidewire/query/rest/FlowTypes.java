package io.sidewire.query.rest;

import io.sidewire.query.Views;
import io.sidewire.query.config.QueryConfig;
import io.sidewire.query.store.ReadModel;
import io.sidewire.rules.FlowType;
import io.sidewire.rules.FlowTypeRules;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;

/** The flow types that exist: those of the rules, and those that traffic was seen of. */
@Singleton
public class FlowTypes {
  private static final String UNKNOWN_COLOUR = "#8a8f98";

  private final ReadModel model;
  private final FlowTypeRules rules;

  public FlowTypes(ReadModel model, QueryConfig config) {
    this.model = model;
    this.rules = config.rulesFile().map(FlowTypeRules::load).orElseGet(FlowTypeRules::builtIn);
  }

  public Collection<String> names() {
    Set<String> names = new TreeSet<>(model.flowTypes());
    rules.types().forEach(type -> names.add(type.name()));
    return names;
  }

  List<Views.FlowTypeView> views() {
    Set<String> seen = new TreeSet<>(model.flowTypes());
    List<Views.FlowTypeView> views = new ArrayList<>();
    for (FlowType type : rules.types()) {
      views.add(new Views.FlowTypeView(
          type.name(),
          type.title(),
          type.icon(),
          type.colour(),
          type.kind().name().toLowerCase(Locale.ROOT),
          seen.remove(type.name())));
    }
    // Written with other rules than ours.
    seen.forEach(
        name -> views.add(new Views.FlowTypeView(name, name, "", UNKNOWN_COLOUR, "other", true)));
    return views;
  }
}
