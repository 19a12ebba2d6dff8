import type { Random } from "./random.ts";
import { type RawObject, WORDS } from "./words.ts";

type Words = Readonly<Record<string, readonly string[]>>;

const POD_WORDS: Words = { app: WORDS.apps, tier: WORDS.tiers, pod: ["set-0", "set-1"] };
const NAMESPACE_WORDS: Words = {
  zone: WORDS.zones,
  "kubernetes.io/metadata.name": WORDS.namespaces,
};

/** A selector of pods. */
export function podSelector(random: Random): RawObject {
  return selector(random, POD_WORDS);
}

/** A selector of namespaces. */
export function namespaceSelector(random: Random): RawObject {
  return selector(random, NAMESPACE_WORDS);
}

/** A selector of nodes. */
export function nodeSelector(random: Random): RawObject {
  return selector(random, { zone: WORDS.zones });
}

/** Nothing, one label, one expression or several of them that must all hold. */
function selector(random: Random, words: Words): RawObject {
  const entries = Object.entries(words);
  const label = () => {
    const [key, values] = random.pick(entries);
    return { [key]: random.pick(values) };
  };
  const expression = () => requirement(random, ...random.pick(entries));
  switch (random.below(9)) {
    case 0:
    case 1:
    case 2:
      return {};
    case 3:
    case 4:
      return { matchExpressions: [expression()] };
    case 5:
      return { matchLabels: label(), matchExpressions: [expression()] };
    case 6:
      return { matchExpressions: random.many(2, 3, expression) };
    default:
      return { matchLabels: random.chance(25) ? { ...label(), ...label() } : label() };
  }
}

function requirement(random: Random, key: string, values: readonly string[]): RawObject {
  const operator = random.pick(["In", "In", "NotIn", "NotIn", "Exists", "DoesNotExist"]);
  if (!operator.endsWith("In")) return { key, operator };
  return { key, operator, values: random.many(1, 2, () => random.pick(values)) };
}
