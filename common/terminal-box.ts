// A message drawn for a terminal, so that it stands out among log lines.

export function drawMessage(title: string, text: string): string {
  const lines = text.split('\n').map((line) => `  │ ${line}`);
  return `\n  ┌─ ${title}\n${lines.join('\n')}\n  └─\n`;
}
