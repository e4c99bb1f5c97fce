package pgrunbook.backup;

/**
 * What a table holds.
 *
 * @param content sum of the hashes of its rows, a decimal number as text
 */
public record TableSum(long rows, String content) {}
