import { styleText } from 'node:util';

type Style = Parameters<typeof styleText>[0];

/** Colour where results go to a terminal, plain text elsewhere and where NO_COLOR asks for it. */
export function paint(style: Style, text: string): string {
  const isPlain = !process.stdout.isTTY || Boolean(process.env.NO_COLOR);
  return isPlain ? text : styleText(style, text);
}
