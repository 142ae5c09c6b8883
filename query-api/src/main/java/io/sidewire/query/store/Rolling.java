package io.sidewire.query.store;

import io.sidewire.query.store.RollUp.Detail;
import io.sidewire.query.store.RollUp.Level;
import java.util.List;

/** How the rows of one store are added up. */
interface Rolling {
  List<Detail> details();

  /** The id under which a row is added up. */
  byte[] id(Detail detail, Level level, long bucket, byte[] rowId);

  /** An empty sum. */
  Sum sum(byte[] id);

  /** A sum of rows. */
  interface Sum {
    void add(byte[] record);

    byte[] record();
  }
}
