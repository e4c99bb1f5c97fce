package pgrunbook.chaos;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import pgrunbook.stack.Shop;
import pgrunbook.testing.Cli;
import pgrunbook.testing.TestStack;

/** On the production project of the stack, whose backend writes all the time. */
final class Compose implements Place {
  private static final String BACKUP = "hand.sql";

  private final TestStack stack = TestStack.prod().up();
  private Optional<Shop> shop = Optional.empty();

  private Shop shop() {
    return shop.orElseThrow();
  }

  @Override
  public String name() {
    return "compose";
  }

  @Override
  public void fresh() {
    if (shop.isPresent()) {
      stack.reset();
    }
    shop = Optional.of(Shop.note(stack).dumpedByHand(BACKUP).spoilt());
  }

  @Override
  public Path folder() {
    return stack.folder();
  }

  @Override
  public Cli cli() {
    return stack.cli();
  }

  @Override
  public String database() {
    return TestStack.DATABASE;
  }

  @Override
  public String backup() {
    return BACKUP;
  }

  /** Without what the backend has written in the meantime. */
  @Override
  public String content() {
    return shop().now();
  }

  @Override
  public boolean isRestored() {
    return shop().now().equals(shop().good());
  }

  @Override
  public SortedMap<String, Long> databases() {
    var oids = new TreeMap<String, Long>();
    stack
        .psqlIn("postgres", "SELECT datname, oid FROM pg_database WHERE datname LIKE 'shop%'")
        .lines()
        .map(line -> line.split("\\|", 2))
        .forEach(words -> oids.put(words[0], Long.valueOf(words[1])));
    return oids;
  }

  @Override
  public List<String> query(String sql) {
    return stack.psql(sql).lines().toList();
  }

  @Override
  public boolean siteIsUp() {
    return stack.isUp("backend") && Files.notExists(folder().resolve("maintenance.flag"));
  }

  @Override
  public List<String> sessions() {
    return shop().sessionsOfRuns().lines().toList();
  }

  @Override
  public void close() {
    stack.close();
  }
}
