// A pressed button → its action, and the words that answer it. Every press is answered, also one that may not, or cannot, be
// followed.
import { AppError } from '../../common/errors.ts';
import { type ButtonKind, type CallbackQuery, readCallbackQuery } from '../format/buttons.ts';
import type { StoredAlert } from '../outbox/delivery.ts';
import type { Person } from '../telegram/incoming.ts';
import { BUTTON_ACTIONS, type ButtonServices } from './button-actions.ts';
import { isEnough, type Rights } from './rights.ts';

export interface PressedButton {
  /** What came back with the press. */
  readonly data: string;
  readonly person: Person;
  readonly rights: Rights;
  readonly chatKey: string;
}

export interface CallbackResult {
  readonly answer: string;
  /** The alert whose buttons may look different now. */
  readonly alert: StoredAlert | undefined;
  readonly isRefused: boolean;
}

/** @throws Error where the database does not answer */
export async function handleCallbackQuery(button: PressedButton, services: ButtonServices): Promise<CallbackResult> {
  const query = readCallbackQuery(button.data);
  if (query === undefined) return answered('This button is of another version. /help says what there is.');
  return follow(query, button, services);
}

async function follow<Kind extends ButtonKind>(
  query: CallbackQuery<Kind>,
  { person, rights, chatKey }: PressedButton,
  services: ButtonServices,
): Promise<CallbackResult> {
  const action = BUTTON_ACTIONS[query.type];
  if (!isEnough(rights, action.needs)) {
    return { ...answered(`Only for people on the allow-list. Your id is ${person.id}.`), isRefused: true };
  }
  const alert = await services.reactions.findAlert(query.alertId);
  if (alert === undefined) return answered('This alert is no longer kept.');
  try {
    return answered(await action.run(query, { alert, person, chatKey }, services), alert);
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    if (error.code === 'SILENCE_UNKNOWN') return answered('It is over already.', alert);
    if (error.code.startsWith('SILENCE_')) return answered('Alertmanager does not answer. Try again.');
    throw error;
  }
}

function answered(answer: string, alert?: StoredAlert): CallbackResult {
  return { answer, alert, isRefused: false };
}
