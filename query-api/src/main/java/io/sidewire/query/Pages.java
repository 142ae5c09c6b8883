package io.sidewire.query;

import io.sidewire.query.store.ReadModel;
import io.sidewire.query.store.ReadModel.Page;
import io.sidewire.query.store.ReadModel.PageRequest;
import java.util.List;
import java.util.function.Function;

/** Makes the answer of a list: items, the next cursor, and the coverage of the span. */
public final class Pages {
  private Pages() {}

  public static <T, V> Views.PageAnswer<V> answer(
      ReadModel model,
      PageRequest request,
      Filter filter,
      Function<PageRequest, Page<T>> query,
      Function<T, V> view) {
    Page<T> page = query.apply(request);
    List<V> items = page.items().stream().map(view).toList();
    Span span = new Span(request.from(), request.to());
    return new Views.PageAnswer<>(
        request.from(),
        request.to(),
        items,
        page.next() == null ? null : page.next().text(),
        Coverage.of(model, span, filter).ratio());
  }
}
