import { parseArgs } from "node:util";

/** What `npm run fuzz` is asked to do. */
export interface FuzzArguments {
  /** Plants faults instead of looking for differences. */
  readonly mutations: boolean;
  /** Of the first scenario; the others follow. Left out: any. */
  readonly seed: number | undefined;
  /** Both limits hold; infinite where there is none. */
  readonly minutes: number;
  readonly verdicts: number;
}

const USAGE = "write --minutes N, --verdicts N, --seed S or --mutations";

/** What each flag takes; nothing: it stands alone. */
const FLAGS: Readonly<Record<string, RegExp | undefined>> = {
  minutes: /^(?!0+(?:\.0+)?$)\d+(?:\.\d+)?$/u,
  verdicts: /^[1-9]\d{0,14}$/u,
  seed: /^\d{1,15}$/u,
  mutations: undefined,
};

/** Reads the arguments; gives a sentence for the first that is wrong. Without a limit it is one minute. */
export function parseFuzzArguments(argv: readonly string[]): FuzzArguments | string {
  const given = readFlags(argv);
  if (typeof given === "string") return given;
  const number = (name: string): number | undefined =>
    given.has(name) ? Number(given.get(name)) : undefined;
  const mutations = given.has("mutations");
  const limit = ["minutes", "verdicts"].find((name) => given.has(name));
  if (mutations && limit !== undefined) {
    return `\`--${limit}\` does not go with \`--mutations\`, which ends by itself: leave it out`;
  }
  const verdicts = number("verdicts") ?? Infinity;
  const minutes = number("minutes") ?? (verdicts === Infinity ? 1 : Infinity);
  return { mutations, seed: number("seed"), minutes, verdicts };
}

function readFlags(argv: readonly string[]): ReadonlyMap<string, string | undefined> | string {
  const options = Object.fromEntries(
    Object.entries(FLAGS).map(([name, pattern]) => [
      name,
      { type: pattern === undefined ? ("boolean" as const) : ("string" as const) },
    ]),
  );
  const { tokens } = parseArgs({
    args: [...argv],
    options,
    strict: false,
    allowPositionals: true,
    tokens: true,
  });
  const given = new Map<string, string | undefined>();
  for (const token of tokens) {
    if (token.kind === "positional") return `\`${token.value}\` is not a flag: ${USAGE}`;
    if (token.kind !== "option") continue;
    const { name, rawName, value } = token;
    if (!Object.hasOwn(FLAGS, name)) return `unknown flag \`${rawName}\`: ${USAGE}`;
    if (given.has(name)) return `\`${rawName}\` is given twice: give it once`;
    const pattern = FLAGS[name];
    if (pattern === undefined ? value !== undefined : !pattern.test(value ?? "")) {
      const written = value === undefined ? rawName : `${rawName} ${value}`;
      return `\`${written}\` cannot be read: ${USAGE}`;
    }
    given.set(name, value);
  }
  return given;
}
