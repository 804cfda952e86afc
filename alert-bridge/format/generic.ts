// Any other alert, of a user's own rule or about the stack itself: its own texts, the most important first.
import type { Texts } from '../model/alert.ts';
import type { StoredAlert } from '../outbox/delivery.ts';
import { contextLines, type RenderContext } from './context.ts';
import { cleanLine } from './escape.ts';
import { formatClock } from './figures.ts';
import type { MessageParts } from './message.ts';

const SHOWN_LABELS = ['instance', 'job', 'exchange', 'feed', 'service', 'env', 'environment', 'name', 'mode'];
const HIDDEN_ANNOTATIONS = new Set([
  'summary',
  'description',
  'runbook_url',
  'dashboard_url',
  'coverage',
  'event_timestamp',
]);

/** @param environment shown first where it is not production, for stack alerts */
export function formatGeneric(alert: StoredAlert, context: RenderContext, environment: string): MessageParts {
  const { annotations, labels, facts } = alert;
  const summary = cleanLine(annotations.summary ?? annotations.title ?? annotations.message ?? '');
  const description = cleanLine(annotations.description ?? '');
  const isEnvironmentShown = facts.category === 'stack' && environment !== 'production';
  const headline = [facts.symbol ?? '', facts.name].filter((word) => word !== '').join(' ');
  return {
    lines: [...(isEnvironmentShown ? [`🧪 ${environment}`] : []), `${severityMark(alert)} ${headline}`],
    more: [
      ...contextLines(context),
      summary,
      description === summary ? '' : description,
      ...(summary === '' && description === '' ? otherAnnotations(annotations) : []),
      labelLine(labels, isEnvironmentShown),
      `🕐 since ${formatClock(alert.startsAt, context.nowMs)}`,
      annotations.coverage ? `ℹ️ ${annotations.coverage}` : '',
    ],
  };
}

export function severityMark(alert: StoredAlert): string {
  switch (alert.labels.severity?.toLowerCase()) {
    case 'critical':
    case 'error':
    case 'page':
      return '🔴';
    case 'info':
    case 'none':
      return '🔵';
    case undefined:
      return alert.facts.priority === 'high' ? '🔴' : '🟠';
    default:
      return '🟠';
  }
}

function otherAnnotations(annotations: Texts): readonly string[] {
  return Object.entries(annotations)
    .filter(([name, text]) => !HIDDEN_ANNOTATIONS.has(name) && text !== '')
    .slice(0, 5)
    .map(([name, text]) => `${name}: ${text}`);
}

/** Prometheus puts its environment on every alert. It is left out where it is the usual one, or stands above already. */
function labelLine({ environment, ...labels }: Texts, isEnvironmentShown: boolean): string {
  const isUsual = environment === undefined || environment === 'production';
  const relevant: Texts = isEnvironmentShown || isUsual ? labels : { ...labels, environment };
  const shown = SHOWN_LABELS.flatMap((name) => (relevant[name] ? [`${name}=${relevant[name]}`] : []));
  return shown.length === 0 ? '' : `🏷 ${shown.join(' ')}`;
}
