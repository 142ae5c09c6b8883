package io.sidewire.standalone.cli;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;

/** Rows in aligned columns, with a head; numbers to the right. */
public final class Table {
  private final String[] head;
  private final boolean[] right;
  private final List<String[]> rows = new ArrayList<>();

  /** @param head names of the columns; one that begins with {@code >} is aligned to the right */
  public Table(String... head) {
    this.head = new String[head.length];
    this.right = new boolean[head.length];
    for (int i = 0; i < head.length; i++) {
      right[i] = head[i].startsWith(">");
      this.head[i] = right[i] ? head[i].substring(1) : head[i];
    }
  }

  /** Adds a row; null is shown as a dash. */
  public Table row(Object... cells) {
    var row = new String[head.length];
    for (int i = 0; i < row.length; i++) {
      row[i] = i < cells.length && cells[i] != null ? cells[i].toString() : "–";
    }
    rows.add(row);
    return this;
  }

  public boolean isEmpty() {
    return rows.isEmpty();
  }

  /** Prints it; on a terminal that is too narrow the last column is cut. */
  public void print(Terminal terminal) {
    int[] widths = new int[head.length];
    for (int i = 0; i < head.length; i++) {
      widths[i] = Text.columns(head[i]);
      for (String[] row : rows) {
        widths[i] = Math.max(widths[i], Text.columns(row[i]));
      }
    }
    PrintStream out = terminal.out();
    out.println(terminal.paint("1", line(head, widths, terminal.width())));
    for (String[] row : rows) {
      out.println(line(row, widths, terminal.width()));
    }
  }

  private String line(String[] cells, int[] widths, int limit) {
    var line = new StringBuilder();
    for (int i = 0; i < cells.length; i++) {
      int pad = widths[i] - Text.columns(cells[i]);
      if (i > 0) {
        line.append("  ");
      }
      if (right[i]) {
        line.append(" ".repeat(pad)).append(cells[i]);
      } else {
        line.append(cells[i]).append(i == cells.length - 1 ? "" : " ".repeat(pad));
      }
    }
    return Text.cut(line.toString(), limit);
  }
}
