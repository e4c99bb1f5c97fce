package pgrunbook.rehearsal;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import pgrunbook.compose.ContainerRelay;
import pgrunbook.compose.ContainerTools;
import pgrunbook.compose.Docker;
import pgrunbook.postgres.Connections;
import pgrunbook.postgres.Tools;
import pgrunbook.process.Children;
import pgrunbook.testing.WithDocker;

/** The same in a container, whose image has pgvector. */
@WithDocker
class SampleApplicationVectorsTest extends SampleApplicationTest {
  SampleApplicationVectorsTest() throws Exception {}

  @Override
  Scratch start(ScratchPlace where) throws Exception {
    var docker = new Docker(new Children(), Path.of("/"));
    var image = pgrunbook.testing.Docker.IMAGE;
    return ScratchContainer.start(docker, image, List.of(), where.path, _ -> {});
  }

  @Override
  Connections connections(Scratch started) {
    var container = (ScratchContainer) started;
    var connector = container.connector();
    var relay = new ContainerRelay(container.inside(), container.docker(), connector.port());
    return Connections.through(relay, connector);
  }

  @Override
  Tools tools(Scratch started) {
    var container = (ScratchContainer) started;
    return new ContainerTools(
        container.inside(), container.docker(), Optional.of(17), Optional.empty());
  }
}
