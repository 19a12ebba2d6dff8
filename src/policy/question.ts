import type { Family } from "../base/index.ts";
import type { CompiledPolicies } from "./compile.ts";
import type { End } from "./connection.ts";
import type { Decision, Verdict } from "./decision.ts";
import { type Directory, type NamedEnd, buildDirectory } from "./directory.ts";
import { evaluateParties } from "./evaluate.ts";
import { explainParties } from "./explain.ts";
import type { Explanation } from "./explanation.ts";
import type { Circumstances } from "./judge.ts";
import { type Party, isPod, isRelation, partyOf } from "./party.ts";
import type { Fact } from "./fact.ts";
import { mergeReasons, sortRefs } from "./refs.ts";
import { parseTrafficPoint } from "./traffic.ts";

/** A question as people ask it: names or addresses of two ends and a port. */
export interface Question {
  readonly from: string;
  readonly to: string;
  readonly port: string;
  /** Chooses between two dual-stack ends. */
  readonly family: Family | undefined;
  readonly facts: readonly Fact[];
}

/** Answers a question. A workload whose pods differ gives `depends` with the reason `pods-differ`. Gives a sentence where it cannot be answered. */
export function answerQuestion(compiled: CompiledPolicies, question: Question): Decision | string {
  const asked = readQuestion(compiled, question);
  if (typeof asked === "string") return asked;
  return mergePairs(
    asked.pairs.map(([source, destination]) =>
      source === destination
        ? SELF
        : evaluateParties(compiled, source, destination, asked.circumstances),
    ),
  );
}

/** Answers a question with every enforcement point on the way: of the pair that decides most (a denied one first) where pods differ. */
export function explainQuestion(
  compiled: CompiledPolicies,
  question: Question,
): (Explanation & { readonly from: string; readonly to: string }) | string {
  const asked = readQuestion(compiled, question);
  if (typeof asked === "string") return asked;
  const { circumstances, from, to } = asked;
  const all = asked.pairs.map(([source, destination]): Explanation => {
    if (source === destination) return { ...SELF, points: [] };
    const ids = { source: from.id, destination: to.id };
    return explainParties(compiled, { source, destination, ids }, circumstances);
  });
  const shown = all.toSorted((a, b) => RANK[a.verdict] - RANK[b.verdict])[0]!;
  return { from: from.id, to: to.id, ...mergePairs(all), points: shown.points };
}

const RANK: Readonly<Record<Verdict, number>> = { deny: 0, depends: 1, allow: 2 };
/** A pod reaches its own address (NP-7, CNP-10). */
const SELF: Decision = { verdict: "allow", reasons: [], conditions: [], determinedBy: [] };

interface Asked {
  readonly from: NamedEnd;
  readonly to: NamedEnd;
  /** Every pair that the policies may treat differently; the same party twice is a pod and itself. */
  readonly pairs: readonly (readonly [Party, Party])[];
  readonly circumstances: Circumstances;
}

const directories = new WeakMap<CompiledPolicies, Directory>();

/** The directory of the compiled policies' cluster, built once. */
export function directoryOf(compiled: CompiledPolicies): Directory {
  let directory = directories.get(compiled);
  if (directory === undefined) {
    directory = buildDirectory(compiled.cluster);
    directories.set(compiled, directory);
  }
  return directory;
}

function readQuestion(compiled: CompiledPolicies, question: Question): Asked | string {
  const directory = directoryOf(compiled);
  const from = directory.find(question.from);
  const to = directory.find(question.to);
  if (from === undefined) return unknownEnd(question.from);
  if (to === undefined) return unknownEnd(question.to);
  const port = parseTrafficPoint(question.port);
  if (typeof port === "string") return port;
  const pairs = pairsOf(compiled, from, to);
  if (pairs.length === 0)
    return `\`${from.id}\` and \`${to.id}\` are never two ends of a connection`;
  const family = chooseFamily(question.family, port.family, pairs);
  const circumstances = { family, facts: question.facts, traffic: [port.point, port.point] };
  return { from, to, pairs, circumstances };
}

function unknownEnd(name: string): string {
  return `nothing is called \`${name}\`: write NAMESPACE/KIND/NAME, NAMESPACE/Pod/NAME, node/NAME, own-node, other-nodes or an address`;
}

/** What the protocol fixes (ICMPv6 to an IPv4 address reaches nobody), else an address at either end, else the question, else the first family that both ends have, IPv4 first. */
function chooseFamily(
  asked: Family | undefined,
  ofPort: Family | undefined,
  pairs: readonly (readonly [Party, Party])[],
): Family {
  if (ofPort !== undefined) return ofPort;
  const fixed = pairs[0]!.find(({ address }) => address !== undefined)?.address?.family;
  if (fixed !== undefined) return fixed;
  const common = pairs.reduce((mask, [a, b]) => mask | (a.families & b.families), 0);
  if (asked !== undefined) return asked;
  return (common & 1) !== 0 || common === 0 ? 4 : 6;
}

/** Pairs of parties, those that cannot differ once. */
function pairsOf(
  compiled: CompiledPolicies,
  from: NamedEnd,
  to: NamedEnd,
): readonly (readonly [Party, Party])[] {
  const sources = from.ends.map((end) => ({ end, party: partyOf(compiled, end) }));
  const destinations =
    from === to ? sources : to.ends.map((end) => ({ end, party: partyOf(compiled, end) }));
  const isPods = [...sources, ...destinations].every(
    ({ party }) => party.type === "pod" || party.type === "outside",
  );
  const pairs = new Map<string, readonly [Party, Party]>();
  for (const source of representatives(sources, isPods)) {
    for (const destination of representatives(destinations, isPods)) {
      const isSame = isSameEnd(source.end, destination.end);
      if (isSame && !from.whole && !to.whole) return [[source.party, source.party]];
      const isOnlyOne = source.others === 0 && destination.others === 0;
      if (isSame && isOnlyOne && from.ends.length + to.ends.length > 2) continue;
      if (isRelation(source.party.type) && !isPod(destination.party.type)) continue;
      if (isRelation(destination.party.type) && !isPod(source.party.type)) continue;
      const key = `${keyOf(source.party, isPods)} ${keyOf(destination.party, isPods)}`;
      pairs.set(key, [source.party, { ...destination.party }]);
    }
  }
  return [...pairs.values()];
}

function isSameEnd(a: End, b: End): boolean {
  if (a.kind === "pod" && b.kind === "pod") return a.pod === b.pod;
  if (a.kind === "node" && b.kind === "node")
    return a.name === b.name && a.addresses === b.addresses;
  return false;
}

interface Representative {
  readonly end: End;
  readonly party: Party;
  /** How many more ends it stands for. */
  readonly others: number;
}

function representatives(
  ends: readonly { readonly end: End; readonly party: Party }[],
  isPods: boolean,
): readonly Representative[] {
  const groups = Map.groupBy(ends, ({ party }) => keyOf(party, isPods));
  return [...groups.values()].map((list) => ({ ...list[0]!, others: list.length - 1 }));
}

/** Between pods only the class counts; where a node is an end, also the node that a pod is on. */
function keyOf(party: Party, isPods: boolean): string {
  if (party.number < 0) return `${party.type}:${party.addresses.map(({ value }) => value).join()}`;
  if (isPods) return `${party.number}`;
  const addresses = party.nodeAddresses.map(({ family, value }) => `${family}/${value}`).join();
  return `${party.number}@${party.node ?? ""}@${addresses}`;
}

function mergePairs(decisions: readonly Decision[]): Decision {
  const [first] = decisions;
  const merged = {
    reasons: mergeReasons(decisions.flatMap(({ reasons }) => reasons)),
    conditions: first!.conditions,
    determinedBy: sortRefs(decisions.flatMap(({ determinedBy }) => determinedBy)),
  };
  if (decisions.every(({ verdict }) => verdict === first!.verdict)) {
    return { ...first!, ...merged };
  }
  const reasons = mergeReasons([
    { code: "pods-differ", refs: merged.determinedBy },
    ...merged.reasons,
  ]);
  return { ...merged, verdict: "depends", conditions: [], reasons };
}
