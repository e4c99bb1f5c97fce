package pgrunbook.action;

/**
 * One kind of step: its name, and the records it reads, intends and yields.
 *
 * @param name as written in a runbook: <code>postgres.restore</code>
 * @param version raised whenever an older journal's intent would be read wrongly
 * @param doc one sentence for the schema and the docs
 */
public record Kind<I extends Record, N extends Record, O extends Record>(
    String name, int version, String doc, Class<I> input, Class<N> intent, Class<O> output) {}
