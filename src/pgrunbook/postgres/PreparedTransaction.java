package pgrunbook.postgres;

import java.time.Instant;

/** A two-phase transaction that waits for its end, and keeps its database from being dropped. */
public record PreparedTransaction(String gid, String owner, Instant prepared) {}
