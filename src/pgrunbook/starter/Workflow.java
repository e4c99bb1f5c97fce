package pgrunbook.starter;

/** Writes the file that has GitHub rehearse what a pull request changes. */
final class Workflow {
  private Workflow() {}

  static String of(String runbook) {
    return """
    # Checks the runbooks of a pull request, and rehearses %1$s on a scratch cluster.
    name: runbooks
    on:
      pull_request:
        paths: ['runbooks/**', 'migrations/**', 'scripts/**', jbang, jbang-catalog.json]

    permissions:
      contents: read

    jobs:
      rehearse:
        runs-on: ubuntu-latest
        timeout-minutes: 30
        steps:
          - uses: actions/checkout@v4
          - uses: actions/setup-java@v4
            with:
              distribution: temurin
              java-version: 25
          - name: PostgreSQL's programs
            run: |
              sudo apt-get update
              sudo apt-get install -y --no-install-recommends postgresql
          - run: ./jbang runbook lint
          - run: ./jbang rehearse %1$s
    """
        .formatted(runbook);
  }
}
