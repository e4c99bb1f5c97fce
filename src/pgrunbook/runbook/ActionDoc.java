package pgrunbook.runbook;

/** What a schema says about an action. */
public record ActionDoc(String name, String doc, Class<? extends Record> input) {}
