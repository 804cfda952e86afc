// HTML in which no escape can be forgotten: what a template puts in is escaped, unless it came from such a template itself.

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Markup that only `html` makes. `toString()` gives it to whoever sends or writes it. */
class Html {
  readonly #markup: string;

  constructor(markup: string) {
    this.#markup = markup;
  }

  toString(): string {
    return this.#markup;
  }
}

export type { Html };

type HtmlValue = Html | string | number | readonly Html[];

/** A template tag: html`<li title="${name}">${name}</li>`. Attributes stand in quotes; the items of a list follow each other. */
export function html(strings: TemplateStringsArray, ...values: readonly HtmlValue[]): Html {
  const parts = strings.map((string, index) => string + markupOf(values[index] ?? ''));
  return new Html(parts.join(''));
}

function markupOf(value: HtmlValue): string {
  if (value instanceof Html) return value.toString();
  if (Array.isArray(value)) return value.map(markupOf).join('');
  return String(value).replace(/[&<>"']/g, (character) => ENTITIES[character] ?? character);
}
