package pgrunbook.compose;

import com.sun.security.auth.module.UnixSystem;
import java.util.List;
import pgrunbook.postgres.Unreachable;

/**
 * A client program in a container whose terminal is gone. It lives on, for <code>docker exec</code>
 * hangs up nothing there; and psql, when its session is ended, opens another one.
 */
public final class LeftInside {
  /** It runs as the same user, who alone may read the variables. */
  private static final String HANG_UP =
      "for p in /proc/[0-9]*; do"
          + " tr '\\0' '\\n' < $p/environ 2>/dev/null | grep -qxF \"PGAPPNAME=$1\""
          + " && kill -HUP ${p#/proc/}; done; true";

  private LeftInside() {}

  /**
   * Ends what this machine's user has started there under that application_name.
   *
   * @throws Unreachable where the container does not run, or does not answer
   */
  public static void hangUp(Inside inside, Docker docker, String application) throws Unreachable {
    var unix = new UnixSystem();
    var options = List.of("--user", unix.getUid() + ":" + unix.getGid());
    docker.lines(
        inside.exec(options, options, List.of("sh", "-c", HANG_UP, "hang-up", application)));
  }
}
