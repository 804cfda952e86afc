// Our buttons in the Bot API's shape.
import type { Keyboard } from '../format/buttons.ts';

export function toInlineKeyboard(keyboard: Keyboard) {
  return {
    inline_keyboard: keyboard.map((row) =>
      row.map((button) =>
        'url' in button ? { text: button.label, url: button.url } : { text: button.label, callback_data: button.data },
      ),
    ),
  };
}
