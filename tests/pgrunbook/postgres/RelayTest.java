package pgrunbook.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.postgresql.PGConnection;
import pgrunbook.process.ChildCommand;
import pgrunbook.process.Children;
import pgrunbook.testing.PostgresServer;

/** JDBC through the relay that is used inside containers, here without one. */
class RelayTest {
  private static final Path SCRIPT = Path.of("src/pgrunbook/compose/relay.sh");

  private static final String COPY =
      "COPY (SELECT repeat('x', 1000) FROM generate_series(1, 20000)) TO STDOUT";

  /** What the relay finds to work with. */
  enum With {
    PERL("perl"),
    BUSYBOX("busybox");

    private final String program;

    With(String program) {
      this.program = program;
    }

    Optional<Path> path() {
      return Stream.of("/usr/bin", "/bin")
          .map(folder -> Path.of(folder, program))
          .filter(Files::isExecutable)
          .findFirst();
    }
  }

  @TempDir Path folder;
  private final PostgresServer server = PostgresServer.shared();
  private Optional<PlainCluster> cluster = Optional.empty();

  @AfterEach
  void disconnect() {
    cluster.ifPresent(PlainCluster::close);
  }

  @ParameterizedTest
  @EnumSource
  void queries_and_large_copies_go_through_it(With with) {
    // given
    var through = cluster(with, server.port());
    // when
    var sent =
        through.read(
            "postgres",
            connection -> {
              try (var statement = connection.createStatement();
                  var rows =
                      statement.executeQuery(
                          "SELECT sum(length(repeat(md5(g::text), 100))) FROM generate_series(1, 1000) g")) {
                rows.next();
                return rows.getLong(1);
              }
            });
    var copied =
        through.read(
            "postgres",
            connection -> {
              var out = new CountingStream();
              try {
                var rows = connection.unwrap(PGConnection.class).getCopyAPI().copyOut(COPY, out);
                return new long[] {rows, out.count};
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              }
            });
    // then
    assertThat(sent).isEqualTo(3_200_000L);
    assertThat(copied).containsExactly(20_000L, 20_000L * 1001);
  }

  @ParameterizedTest
  @EnumSource
  void a_statement_is_cancelled_through_it(With with) throws Exception {
    // given
    var through = cluster(with, server.port());
    var work =
        new Thread(() -> {
          try {
            through.execute("postgres", "SELECT pg_sleep(600)");
          } catch (InterruptedException _) {
            // what is expected
          }
        });
    work.start();
    while (sleepers() == 0) {
      Thread.sleep(20);
    }
    // when
    work.interrupt();
    work.join(TimeUnit.SECONDS.toMillis(20));
    // then
    assertThat(work.isAlive()).isFalse();
    assertThat(sleepers()).isZero();
  }

  @ParameterizedTest
  @EnumSource
  void it_ends_with_the_connection_and_so_does_the_session(With with) throws Exception {
    // given
    var relay = relay(with, server.port());
    var connections =
        Connections.through(
            relay, new Connector("127.0.0.1", 1, "postgres", Optional.empty(), Optional.empty()));
    var connection = connections.open("postgres", "relay-end", true);
    var pid = connection.unwrap(PGConnection.class).getBackendPID();
    // when
    connection.close();
    // then
    var end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (count("pid = " + pid) > 0 || relays() > 0) {
      assertThat(System.nanoTime()).isLessThan(end);
      Thread.sleep(20);
    }
  }

  @ParameterizedTest
  @EnumSource
  void nobody_at_the_port_is_said_so(With with) throws IOException {
    int free;
    try (var socket = new ServerSocket(0)) {
      free = socket.getLocalPort();
    }
    var through = cluster(with, free);
    assertThatThrownBy(through::server)
        .isInstanceOf(PostgresException.class)
        .hasMessageContaining("cannot connect to database 'postgres'")
        .hasMessageContaining("does PostgreSQL run there");
  }

  @Test
  void without_perl_and_busybox_there_is_a_clear_word() throws IOException {
    var through = cluster(Files.createDirectories(folder.resolve("bin")), server.port());
    assertThatThrownBy(through::server)
        .hasMessageContaining(
            "the container has neither perl nor the nc of busybox to reach the server with");
  }

  private PlainCluster cluster(With with, int port) {
    return cluster(relay(with, port));
  }

  private PlainCluster cluster(Path bin, int port) throws IOException {
    return cluster(relay(bin, port));
  }

  private PlainCluster cluster(Relay relay) {
    var connector =
        new Connector("127.0.0.1", 1, server.user(), Optional.empty(), Optional.empty());
    var made = new PlainCluster(Connections.through(relay, connector), () -> "relay-test");
    cluster = Optional.of(made);
    return made;
  }

  /** A folder with nothing in it but that program, under the name by which it is looked for. */
  private Relay relay(With with, int port) {
    var program = with.path();
    Assumptions.assumeTrue(program.isPresent(), with.program + " is not on this machine");
    try {
      var bin = Files.createDirectories(folder.resolve("bin"));
      Files.createSymbolicLink(bin.resolve("grep"), Path.of("/bin/grep"));
      var name = with == With.PERL ? "perl" : "nc";
      Files.createSymbolicLink(bin.resolve(name), program.get());
      return relay(bin, port);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Relay relay(Path bin, int port) throws IOException {
    var script = Files.readString(SCRIPT);
    var children = new Children(Map.of("PATH", bin.toString()), Duration.ofSeconds(1));
    return () ->
        children.connect(
            ChildCommand.of("/bin/sh", "-c", script, "relay-of-test", Integer.toString(port)));
  }

  private long sleepers() throws SQLException {
    return count("query = 'SELECT pg_sleep(600)'");
  }

  private long count(String condition) throws SQLException {
    try (var connection = server.connect("postgres");
        var statement = connection.createStatement();
        var rows =
            statement.executeQuery("SELECT count(*) FROM pg_stat_activity WHERE " + condition)) {
      rows.next();
      return rows.getLong(1);
    }
  }

  private static long relays() {
    return ProcessHandle.current().descendants().filter(ProcessHandle::isAlive).count();
  }

  private static final class CountingStream extends OutputStream {
    private long count;

    @Override
    public void write(int b) {
      count++;
    }

    @Override
    public void write(byte[] bytes, int offset, int length) {
      count += length;
    }
  }
}
