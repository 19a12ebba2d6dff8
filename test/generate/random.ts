/** A seeded source of random choices: the same seed gives the same choices on every machine. */
export interface Random {
  /** 0 to `count` - 1. */
  readonly below: (count: number) => number;
  readonly chance: (percent: number) => boolean;
  readonly pick: <T>(items: readonly T[]) => T;
  /** Some of the items, in their order: each with the given chance. */
  readonly some: <T>(items: readonly T[], percent: number) => readonly T[];
  /** `least` to `most` results. */
  readonly many: <T>(least: number, most: number, make: (index: number) => T) => readonly T[];
}

/** mulberry32. */
export function createRandom(seed: number): Random {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
  const below = (count: number): number => Math.floor(next() * count);
  const chance = (percent: number): boolean => next() * 100 < percent;
  return {
    below,
    chance,
    pick: (items) => items[below(items.length)]!,
    some: (items, percent) => items.filter(() => chance(percent)),
    many: (least, most, make) =>
      Array.from({ length: least + below(most - least + 1) }, (_, index) => make(index)),
  };
}
