// The commands that a document asks people to type: fenced `sh` and `bash` blocks, and indented blocks of commands. Pure.

export interface Documented {
  readonly line: number;
  readonly command: string;
  /** What the marker `<!-- not run here: WHY -->` above its block says. */
  readonly notRunBecause: string | undefined;
}

const MARKER = /^<!-- not run here: (.+) -->$/;
const COMMAND = /^(scripts\/|npm |npx |node |docker |git |stack )/;

export function extractCommands(markdown: string): readonly Documented[] {
  const found: Documented[] = [];
  let marker: string | undefined;
  let fence: 'commands' | 'other' | undefined;
  for (const [index, text] of markdown.split('\n').entries()) {
    const opening = /^```(\w*)/.exec(text);
    if (opening !== null) {
      if (fence !== undefined) marker = undefined;
      fence = fence === undefined ? (/^(sh|bash)$/.test(opening[1] ?? '') ? 'commands' : 'other') : undefined;
      continue;
    }
    const isIndented = fence === undefined && text.startsWith('    ') && COMMAND.test(text.trim());
    if (fence === 'commands' || isIndented) {
      const command = withoutComment(text);
      if (command !== '') found.push({ line: index + 1, command, notRunBecause: marker });
    } else if (fence === undefined && text.trim() !== '') {
      marker = MARKER.exec(text.trim())?.[1];
    }
  }
  return found;
}

/** Words as a shell would split them; quotes hold together and go. */
export function wordsOf(command: string): readonly string[] {
  return [...command.matchAll(/(?:[^\s"']|"[^"]*"|'[^']*')+/g)].map(([word]) => word.replace(/["']/g, ''));
}

function withoutComment(text: string): string {
  return text.replace(/(^|\s)#\s.*$/, '').trim();
}
