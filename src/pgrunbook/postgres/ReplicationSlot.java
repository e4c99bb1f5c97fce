package pgrunbook.postgres;

/**
 * A logical slot of a database: active, it blocks DROP; inactive, it is silently dropped with it.
 */
public record ReplicationSlot(String name, String plugin, boolean active) {}
