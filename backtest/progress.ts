// How far a back-test is: one line that is written over, on a terminal only.

const BAR_WIDTH = 30;

export interface Progress {
  /** A hearer for one phase. */
  phase(name: string): (done: number, total: number) => void;
  /** Clears the line. */
  done(): void;
}

export interface Terminal {
  readonly isTTY?: boolean;
  write(text: string): unknown;
}

/** @param output the error stream, so that the report itself can be redirected */
export function createProgress(output: Terminal): Progress {
  if (!output.isTTY) return { phase: () => () => undefined, done: () => undefined };
  let shown = '';
  const show = (line: string) => {
    if (line !== shown) output.write(`\r\u001b[2K${line}`);
    shown = line;
  };
  return {
    phase: (name) => (done, total) => show(formatBar(name, total > 0 ? done / total : 1)),
    done: () => show(''),
  };
}

function formatBar(name: string, ratio: number): string {
  const filled = Math.round(Math.min(Math.max(ratio, 0), 1) * BAR_WIDTH);
  const bar = '█'.repeat(filled) + '░'.repeat(BAR_WIDTH - filled);
  return `${name.padEnd(8)} ${bar} ${String(Math.round(ratio * 100)).padStart(3)} %`;
}
