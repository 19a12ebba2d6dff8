import type { Edit, LabelSelector, Origin, Path, Requirement } from "../model/index.ts";

/** A selector with one label put right. */
export interface LikelyTypo {
  /** `app: cart`. */
  readonly written: string;
  /** `app: carts`. */
  readonly meant: string;
  readonly selector: LabelSelector;
  /** Below the selector. */
  readonly change: Change;
}

/** Where the letter stands: a key of `matchLabels`, or the key or a value of an item of `matchExpressions`. */
type Change =
  | { readonly at: Path; readonly value: string }
  | { readonly from: Path; readonly at: Path; readonly value: string };

/**
 * The one label in use of which the selector may have a misspelling and with which it would match something; nothing if there are several.
 * `values` are the labels in use, `matches` tells whether a changed selector matches.
 */
export function findTypo(
  selector: LabelSelector,
  values: ReadonlyMap<string, ReadonlySet<string>>,
  matches: (selector: LabelSelector) => boolean,
): LikelyTypo | undefined {
  const used = new Set(selector.requirements.map(({ key }) => key));
  const found = selector.requirements.flatMap((requirement, index) =>
    variants(requirement, values)
      .filter(({ key }) => key === requirement.key || !used.has(key))
      .map((variant) => ({ variant, selector: replace(selector, index, variant) }))
      .filter((one) => matches(one.selector))
      .map((one) => describe(selector, index, one)),
  );
  return found.length === 1 ? found[0] : undefined;
}

/** The typo as edits; `at` is the selector's own path. A plain map of labels, as Services have, has no `matchLabels` between. */
export function editsOf(
  { change }: LikelyTypo,
  { origin, at, isPlain = false }: { origin: Origin; at: Path; isPlain?: boolean },
): readonly Edit[] {
  const below = (path: Path): Path => [...at, ...(isPlain ? path.slice(1) : path)];
  const set: Edit = { kind: "set", origin, path: below(change.at), value: change.value };
  if (!("from" in change)) return [set];
  return [{ kind: "remove", origin, path: below(change.from) }, set];
}

/** Where the letter stands today. */
export function pathOf({ change }: LikelyTypo, at: Path): Path {
  return [...at, ...("from" in change ? change.from : change.at)];
}

/** Requirements with a key or one value that is in use and one letter away. */
function variants(
  { key, operator, values }: Requirement,
  inUse: ReadonlyMap<string, ReadonlySet<string>>,
): readonly Requirement[] {
  if (operator !== "In" && operator !== "Exists") return []; // the others match what lacks the label
  const keys = [...inUse.keys()]
    .filter((other) => isMisspelt(key, other))
    .map((other) => ({ key: other, operator, values }));
  const near = values.flatMap((value, index) =>
    [...(inUse.get(key) ?? [])]
      .filter((other) => isMisspelt(value, other))
      .map((other) => ({ key, operator, values: values.with(index, other) })),
  );
  return [...keys, ...near];
}

function replace(selector: LabelSelector, index: number, by: Requirement): LabelSelector {
  return { requirements: selector.requirements.with(index, by) };
}

function describe(
  selector: LabelSelector,
  index: number,
  {
    variant,
    selector: changed,
  }: { readonly variant: Requirement; readonly selector: LabelSelector },
): LikelyTypo {
  const { requirements, matchLabels = 0 } = selector;
  const old = requirements[index]!;
  const isKey = variant.key !== old.key;
  const value = variant.values.findIndex((one, at) => one !== old.values[at]);
  const said = (one: Requirement): string =>
    one.values.length === 0 ? one.key : `${one.key}: ${one.values[Math.max(value, 0)]}`;
  const texts = { written: said(old), meant: said(variant), selector: changed };
  if (index < matchLabels) {
    const at = ["matchLabels", variant.key];
    const change = { at, value: variant.values[0] ?? "" };
    return { ...texts, change: isKey ? { ...change, from: ["matchLabels", old.key] } : change };
  }
  const item = ["matchExpressions", index - matchLabels];
  const change = isKey
    ? { at: [...item, "key"], value: variant.key }
    : { at: [...item, "values", value], value: variant.values[value] ?? "" };
  return { ...texts, change };
}

/** Whether one text may be the other misspelt. */
export function isMisspelt(a: string, b: string): boolean {
  if (a === b) return false;
  if (a.toLowerCase() === b.toLowerCase()) return true;
  const [short, long] = a.length <= b.length ? [a, b] : [b, a];
  const [left, right] = differingParts(short, long);
  // digits count things: `v1`, `v2`
  if (/\d/u.test(left + right)) return false;
  return isOneLetter(short, left, right) || isTwoLettersTooMany(short, left, right);
}

/** One letter added, left out, replaced or exchanged with its neighbour. Of texts of three letters too many are neighbours: `api`, `app`. */
function isOneLetter(short: string, left: string, right: string): boolean {
  if (short.length < 4) return false;
  if (left.length <= 1 && right.length <= 1) return true;
  return left.length === 2 && right.length === 2 && left === `${right[1]}${right[0]}`;
}

/** Two letters too many at different places of a long text: `catalouge`, `catalog`. Two together are a word of their own: `un`, `re`. */
function isTwoLettersTooMany(short: string, left: string, right: string): boolean {
  if (short.length < 7 || right.length - left.length !== 2 || left === "") return false;
  return left === right.slice(1, -1);
}

/** Two texts without the beginning and the end that they share. */
function differingParts(short: string, long: string): readonly [string, string] {
  let start = 0;
  while (start < short.length && short[start] === long[start]) start++;
  let end = 0;
  while (end < short.length - start && short.at(-1 - end) === long.at(-1 - end)) end++;
  return [short.slice(start, short.length - end), long.slice(start, long.length - end)];
}
