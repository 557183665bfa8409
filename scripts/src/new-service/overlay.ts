import { isMap, isSeq, parseDocument } from 'yaml';
import {
  apply,
  type Collection,
  type Edit,
  endOf,
  findPair,
  isCollection,
  isPair,
  isSpread,
  keyOf,
  linesOf,
  read,
  type Source,
  startOf,
} from './yaml-source.js';

/** What a service has in a file of all services. A key that `render` changes is the service's own. */
export interface Overlay {
  text: string;
  render: (text: string) => string;
}

type Walker = (target: Source, overlay: Source, render: Overlay['render']) => Edit[];

/** What is put before, not after: it speaks of all services. */
const last = 'gateway';

/** Adds keys to maps and items to lists. */
export const addOverlay = (text: string, overlay: Overlay): string =>
  apply(text, additions(read(text), read(overlay.text), overlay.render));

/** Takes out what `addOverlay` has added. */
export const removeOverlay = (text: string, overlay: Overlay): string =>
  apply(text, removals(read(text), read(overlay.text), overlay.render));

/** The first of the service's own keys that is there already. */
export function takenKey(text: string, { text: overlay, render }: Overlay): string | undefined {
  const taken = (target: unknown, node: unknown): string | undefined => {
    if (!isMap(node)) return undefined;
    for (const pair of node.items) {
      const found = findPair(target, render(keyOf(pair)));
      const key = found && isOwn(keyOf(pair), render) ? keyOf(found) : taken(found?.value, pair.value);
      if (key) return key;
    }
    return undefined;
  };
  return taken(read(text).node, read(overlay).node);
}

const isOwn = (key: string, render: Overlay['render']) => render(key) !== key;

const additions: Walker = (target, overlay, render) => {
  if (!isCollection(target.node) || !isCollection(overlay.node)) return [];
  const into = target.node;
  return overlay.node.items.flatMap((item) => {
    if (!isPair(item) || isOwn(keyOf(item), render))
      return [addition({ ...target, node: into }, render(linesOf(overlay.text, item)))];
    const value = findPair(into, keyOf(item))?.value;
    return additions({ ...target, node: value }, { ...overlay, node: item.value }, render);
  });
};

function addition({ text, node }: { text: string; node: Collection }, lines: string): Edit {
  const items: unknown[] = node.items;
  const index = items.findIndex((item) => isPair(item) && keyOf(item) === last);
  const at = endOf(text, items.at(index < 0 ? -1 : index - 1));
  return { from: at, to: at, text: isSpread(text, node) ? `\n${lines}` : lines };
}

const removals: Walker = (target, overlay, render) => {
  if (isSeq(overlay.node) && isSeq(target.node)) {
    const wanted = overlay.node.items.map((item) => dataOf(render(linesOf(overlay.text, item))));
    const own = target.node.items.filter((item) => wanted.includes(dataOf(linesOf(target.text, item))));
    return own.map((item) => removal(target, item));
  }
  if (!isMap(overlay.node)) return [];
  return overlay.node.items.flatMap((pair) => {
    const found = findPair(target.node, render(keyOf(pair)));
    if (!found) return [];
    if (isOwn(keyOf(pair), render)) return [removal(target, found)];
    return removals({ ...target, node: found.value }, { ...overlay, node: pair.value }, render);
  });
};

/** With the empty lines and comments before it. */
function removal({ text, node }: Source, item: unknown): Edit {
  const items: unknown[] = isCollection(node) ? node.items : [];
  const before = items[items.indexOf(item) - 1];
  const from = before ? endOf(text, before) : startOf(text, item);
  return { from, to: endOf(text, item), text: '' };
}

/** What an item says, however it is written. */
const dataOf = (lines: string): string => JSON.stringify(parseDocument(lines).toJS());
