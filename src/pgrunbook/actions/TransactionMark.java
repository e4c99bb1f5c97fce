package pgrunbook.actions;

import java.io.IOException;
import java.net.URLEncoder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import pgrunbook.action.Look;
import pgrunbook.postgres.PostgresException;

/**
 * A file with the number of a transaction, on the disk before the transaction changes anything: the
 * server says afterwards whether it was committed.
 */
record TransactionMark(Path file) {
  /** What became of the transaction. */
  enum Found {
    COMMITTED,
    NOT_COMMITTED,
    UNKNOWN
  }

  /** In the run's folder, one for each step. */
  static Path place(Look look) {
    var step = URLEncoder.encode(look.run().step().toString(), StandardCharsets.UTF_8);
    return look.target()
        .project()
        .resolve(".pgrunbook")
        .resolve("runs")
        .resolve(look.run().shown())
        .resolve("transaction-" + step);
  }

  void write(String number) throws IOException {
    var folder = file.toAbsolutePath().getParent();
    Folders.createFolder(java.util.Objects.requireNonNull(folder));
    var part = file.resolveSibling(file.getFileName() + ".part");
    Files.deleteIfExists(part);
    Folders.createFile(part);
    try (var channel = FileChannel.open(part, StandardOpenOption.WRITE)) {
      channel.write(StandardCharsets.US_ASCII.encode(number));
      channel.force(true);
    }
    Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    Folders.syncNames(folder);
  }

  Found found(Look look) {
    try {
      if (!Files.exists(file)) {
        return Found.NOT_COMMITTED; // it had not begun to change anything
      }
      var number = Files.readString(file).strip();
      return look.cluster()
          .read(
              Private.MAINTENANCE,
              connection -> {
                try (var statement = connection.prepareStatement("SELECT txid_status(?::bigint)")) {
                  statement.setString(1, number);
                  try (var row = statement.executeQuery()) {
                    return row.next() ? of(String.valueOf(row.getString(1))) : Found.UNKNOWN;
                  }
                }
              });
    } catch (IOException | PostgresException _) {
      return Found.UNKNOWN;
    }
  }

  private static Found of(String status) {
    return switch (status) {
      case "committed" -> Found.COMMITTED;
      case "aborted" -> Found.NOT_COMMITTED;
      default -> Found.UNKNOWN; // too old, or in progress although its session was ended
    };
  }
}
