package pgrunbook.action;

/** Tells whoever watches how far a step is; never journaled. */
public interface Progress {
  /**
   * How far it is in bytes.
   *
   * @param done bytes so far
   * @param total bytes in all, 0 where nobody knows
   */
  void bytes(long done, long total);

  /** What the step does right now, in a few words. */
  void doing(String what);

  /** Nobody watches. */
  Progress NONE =
      new Progress() {
        @Override
        public void bytes(long done, long total) {}

        @Override
        public void doing(String what) {}
      };
}
