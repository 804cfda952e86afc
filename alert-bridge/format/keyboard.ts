// What stands under a message: links, and buttons in rows.

export interface Link {
  readonly label: string;
  readonly url: string;
}

export type Button =
  | { readonly label: string; readonly data: string }
  | { readonly label: string; readonly url: string };
export type Keyboard = readonly (readonly Button[])[];
