import type { Labels } from "./selector.ts";

/** One shared copy of each text, label set and list that many pods have alike: a dump of 100,000 pods stays small. */
export interface Interner {
  text(value: string): string;
  /** A label set by its raw form; `make` reads one that is new. */
  labels(
    raw: Readonly<Record<string, unknown>>,
    make: () => Labels | undefined,
  ): Labels | undefined;
  /** A list by a key that tells its content; `make` reads one that is new. */
  list<Item>(key: string, make: () => readonly Item[]): readonly Item[];
}

/** A new, empty store of shared values. */
export function createInterner(): Interner {
  const texts = new Map<string, string>();
  const labelSets = new Map<string, Labels | undefined>();
  const lists = new Map<string, readonly unknown[]>();
  return {
    text(value) {
      const known = texts.get(value);
      if (known !== undefined) return known;
      texts.set(value, value);
      return value;
    },
    labels(raw, make) {
      let key = "";
      for (const name of Object.keys(raw)) {
        const value = raw[name];
        if (typeof value !== "string") return make();
        // With lengths no two sets of labels have one key, whatever is in them.
        key += `${name.length} ${value.length} ${name}${value}`;
      }
      if (labelSets.has(key)) return labelSets.get(key);
      const labels = make();
      labelSets.set(key, labels);
      return labels;
    },
    list<Item>(key: string, make: () => readonly Item[]): readonly Item[] {
      const known = lists.get(key);
      if (known !== undefined) return known as readonly Item[];
      const list = make();
      lists.set(key, list);
      return list;
    },
  };
}
