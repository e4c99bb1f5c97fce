package pgrunbook.diagnosis;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/** One question to a server, on a connection that can't change anything. */
interface Check {
  /** What is not known where the question can't be asked. */
  String about();

  List<Finding> look(Connection connection) throws SQLException;
}
