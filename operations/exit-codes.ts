// What the programs of operation end with, so that a script can tell "not well" from "could not".

export const EXIT = {
  ok: 0,
  /** It runs, something deserves a look. */
  warning: 1,
  /** It runs and does not do its work. */
  critical: 2,
  /** Nothing runs. */
  notRunning: 3,
  /** A check beforehand found an obstacle; nothing was changed. */
  refused: 4,
  /** It began and did not get there; what it left is said. */
  failed: 5,
  /** The host, or an answer, is not as it was recorded. */
  different: 6,
  /** The command line is wrong. */
  usage: 64,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** For the end of every `--help`. */
export const EXIT_CODES_HELP = `Exit codes:
  0  all is well                      4  refused by a check beforehand, nothing was changed
  1  runs, something deserves a look  5  began and failed
  2  runs and does not do its work    6  not as recorded before (host, answers, checksums)
  3  nothing runs                    64  wrong command line`;
