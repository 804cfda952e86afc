// The forms: silences, and one subscription a chat.

import { type Html, html } from '../../common/html.ts';
import { PRIORITIES } from '../model/alert.ts';
import { formatQuietHours } from '../model/quiet-hours.ts';
import { ALERT_TYPES } from '../model/subscription.ts';
import type { ShownSilence } from '../silences/silence-service.ts';
import type { Subscriber } from '../subscriptions/store.ts';
import { clockText, renderLayout } from './layout.ts';

export interface Settings {
  readonly subscribers: readonly Subscriber[];
  /** `undefined`: Alertmanager does not answer. */
  readonly silences: readonly ShownSilence[] | undefined;
  readonly faults: readonly string[];
  readonly token: string;
}

export function renderSettings({ subscribers, silences, faults, token }: Settings): Html {
  const hidden = html`<input type="hidden" name="token" value="${token}">`;
  const body = html`${faults.map((fault) => html`<p class="warn">⚠️ ${fault}</p>\n`)}
<h2>Silences</h2>
${renderSilences(silences, hidden)}
<form class="card" method="post" action="/settings/silence">${hidden}
${input('symbol', 'Symbol', '', 'BTC')}${input('alert', 'Alert, or none for all of the symbol', '', 'LiquidationCascade')}
${input('duration', 'How long, 24h at most', '1h', '1h30m')}${input('comment', 'Why', '', '')}
<button>🔕 Silence</button></form>
<h2>Subscriptions</h2>
<div class="cards">${subscribers.map((subscriber) => renderSubscriber(subscriber, hidden))}
${renderNew(hidden)}</div>`;
  return renderLayout({ title: 'Subscriptions and silences', body });
}

function renderSilences(silences: Settings['silences'], hidden: Html): Html {
  if (silences === undefined) return html`<p class="warn">Alertmanager does not answer.</p>`;
  if (silences.length === 0) return html`<p>Nothing is silent.</p>`;
  const cards = silences.map(({ id, matchers, endsAtMs, createdBy, comment }) => {
    const meta = `until ${clockText(new Date(endsAtMs).toISOString())}, by ${createdBy}: ${comment}`;
    return html`<div class="card">🔕 ${matchers}<div class="meta">${meta}</div>
<form class="inline" method="post" action="/settings/unsilence">${hidden}<input type="hidden" name="id" value="${id}"><button>↩️ Undo</button></form></div>`;
  });
  return html`<div class="cards">${cards}</div><br>`;
}

function renderSubscriber({ chat, isConfigured, subscription }: Subscriber, hidden: Html): Html {
  const { symbols, exceptSymbols, types, lowestPriority, quiet, isPaused } = subscription;
  const remove = html`<form class="inline" method="post" action="/settings/unsubscribe">${hidden}<input type="hidden" name="chat" value="${chat.key}"><button>${isConfigured ? 'Everything again' : 'Remove'}</button></form>`;
  const checks = ALERT_TYPES.map((type) => {
    const isChecked = types === undefined || types.includes(type);
    return html`<label class="check"><input type="checkbox" name="types" value="${type}"${isChecked ? ' checked' : ''}>${type}</label>`;
  });
  const options = PRIORITIES.map(
    (priority) => html`<option${priority === lowestPriority ? ' selected' : ''}>${priority}</option>`,
  );
  return html`<div class="card"><form method="post" action="/settings/subscription">${hidden}<strong>💬 ${chat.key}</strong>
<input type="hidden" name="chat" value="${chat.key}"><input type="hidden" name="form" value="full">
${input('symbols', 'Symbols', symbols?.join(', ') ?? 'all', '')}${input('exceptSymbols', 'Never these', exceptSymbols.join(', '), '')}
<fieldset>${checks}</fieldset>
<label>Lowest priority<select name="lowestPriority">${options}</select></label>
${input('quiet', 'Quiet hours', quiet ? formatQuietHours(quiet) : '', '22:00-07:00 Europe/Berlin')}
<label class="check"><input type="checkbox" name="paused"${isPaused ? ' checked' : ''}>paused</label>
<button>Save</button></form>${remove}</div>`;
}

function renderNew(hidden: Html): Html {
  return html`<div class="card"><form method="post" action="/settings/subscription">${hidden}<strong>➕ Another chat</strong>
${input('chat', 'Chat id, or id/thread', '', '123456789')}${input('symbols', 'Symbols', 'all', '')}
<button>Subscribe</button></form></div>`;
}

function input(name: string, label: string, value: string, placeholder: string): Html {
  return html`<label>${label}<input name="${name}" value="${value}" placeholder="${placeholder}" autocomplete="off"></label>`;
}
