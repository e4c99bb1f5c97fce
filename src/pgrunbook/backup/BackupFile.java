package pgrunbook.backup;

/**
 * One file of a backup.
 *
 * @param name relative to the folder of the backup; for a directory archive, inside the directory
 * @param size in bytes
 * @param sha256 64 hexadecimal digits, lower case
 */
public record BackupFile(String name, long size, String sha256) {}
