// What a person reads in the terminal, as text; nothing here prints.
import { join, relative } from 'node:path';
import { DEFAULT_DATA_DIR, type NativeSettings, reachableAt, tablePath } from '../engines/stack-settings.ts';
import type { ServiceEvent } from './service.ts';

/** The table of addresses, and where messages go. */
export function describeStack(settings: NativeSettings): string {
  const { addresses, dataDir, hasTelegram } = settings;
  const page = `http://${reachableAt(addresses['alert-bridge'])}/`;
  const rows = [
    ['messages, queue', page],
    ['feeds', `http://${reachableAt(addresses.exporter)}/health`],
    ['Prometheus', `http://${reachableAt(addresses.prometheus)}/alerts`],
    ['Alertmanager', `http://${reachableAt(addresses.alertmanager)}/`],
    ['thresholds', `${tablePath(settings.checkout)} (an edit is taken over by itself, or: ${reloadCommand(settings)})`],
    ['logs', join(dataDir, 'logs')],
  ];
  return [
    '',
    ...rows.map(([label, value]) => `  ${`${label}`.padEnd(16)}${value}`),
    '',
    hasTelegram
      ? '  Telegram: messages go to the configured chats.'
      : `  no Telegram token: messages appear here and on ${page}\n  (set TELEGRAM_BOT_TOKEN and TELEGRAM_CHAT_ID to send them)`,
    '  Ctrl-C stops everything.',
    '',
  ].join('\n');
}

/** As it is typed in the checkout: a stack whose state lies elsewhere, such as the demo's, is found there only. */
function reloadCommand({ checkout, dataDir }: NativeSettings): string {
  const path = relative(checkout, dataDir);
  return path === DEFAULT_DATA_DIR ? 'npm run reload' : `DATA_DIR=${JSON.stringify(path)} npm run reload`;
}

/** What an event of a service is worth saying; `undefined` where it belongs only into the log file. */
export function describeEvent(event: ServiceEvent): string | undefined {
  switch (event.type) {
    case 'started':
      return undefined;
    case 'line':
      return isForPeople(event) ? event.text : undefined;
    case 'ended': {
      const { code, signal } = event.ending;
      const how = signal ?? (code === undefined ? 'could not be started' : `exit code ${code}`);
      const words = event.lastLines.map((line) => `    ${line}`);
      return [`✗ ${event.name}: ended (${how}), starting again in ${event.restartInMs / 1_000} s`, ...words].join('\n');
    }
  }
}

/** Logs are JSON lines, and warnings of Node go to standard error; whatever else the bridge prints is a message for people. */
function isForPeople({ name, stream, text }: Extract<ServiceEvent, { readonly type: 'line' }>): boolean {
  return name === 'alert-bridge' && stream === 'stdout' && !text.startsWith('{');
}
