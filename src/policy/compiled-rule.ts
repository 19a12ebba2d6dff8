import type { LabelSelector } from "../model/index.ts";
import type { AddressIndex } from "./address-index.ts";
import type { ClassSet, InternClassSet } from "./class-set.ts";
import type { Classes } from "./classes.ts";
import type { Kinds } from "./kinds.ts";
import type { Answer, EndpointSelector, Peer, Policy, Rule } from "./policy.ts";
import { matchNodeLabels, requirementsKey, selectorKey } from "./selector-index.ts";

/** A rule with its peers looked up. */
export interface CompiledRule {
  readonly number: number;
  readonly policy: number;
  readonly rule: Rule;
  readonly peers: readonly CompiledPeer[];
}

/** A peer with what it matches: classes, or a set of the address index. */
export type CompiledPeer =
  | { readonly kind: "any" }
  | {
      readonly kind: "pods";
      readonly classes: ClassSet;
      /** What it was looked up from, for pods that do not exist. */
      readonly selector: EndpointSelector;
    }
  | {
      readonly kind: "addresses";
      readonly set: number;
      readonly pods: Answer;
      readonly nodes: Answer;
    }
  /** Classes of nodes that match surely, and those that surely or perhaps do (their labels are not known). */
  | { readonly kind: "nodes"; readonly must: ClassSet; readonly may: ClassSet }
  | { readonly kind: "domains"; readonly names: readonly string[] }
  | { readonly kind: "own-node" };

/** What the tests in force match, each looked up once. */
export interface Tests {
  /** The kinds that a selector matches. */
  readonly select: (selector: EndpointSelector) => Int32Array;
  readonly nodes: (selector: LabelSelector) => NodeMatch;
  /** Every match so far. */
  readonly matches: () => readonly Int32Array[];
  readonly selectors: () => number;
}

/** The kinds of nodes that match surely, and those that surely or perhaps do. */
export interface NodeMatch {
  readonly must: Int32Array;
  readonly may: Int32Array;
}

/** Tests over the kinds of a cluster; `find` looks one selector up. */
export function createTests(kinds: Kinds, find: (selector: EndpointSelector) => Int32Array): Tests {
  const selected = new Map<string, Int32Array>();
  const bySelector = new Map<EndpointSelector, Int32Array>();
  const nodeMatches = new Map<string, NodeMatch>();
  const select = (selector: EndpointSelector): Int32Array => {
    const known = bySelector.get(selector); // each is asked for again when classes are known
    if (known !== undefined) return known;
    const key = selectorKey(selector);
    let found = selected.get(key);
    if (found === undefined) {
      found = find(selector);
      selected.set(key, found);
    }
    bySelector.set(selector, found);
    return found;
  };
  const nodes = (selector: LabelSelector): NodeMatch => {
    const key = requirementsKey(selector);
    let found = nodeMatches.get(key);
    if (found === undefined) {
      found = matchNodes(kinds, selector);
      nodeMatches.set(key, found);
    }
    return found;
  };
  const matches = (): readonly Int32Array[] => [
    ...selected.values(),
    ...[...nodeMatches.values()].flatMap(({ must, may }) => [must, may]),
  ];
  return { select, nodes, matches, selectors: () => selected.size };
}

function matchNodes(kinds: Kinds, selector: LabelSelector): NodeMatch {
  const must: number[] = [];
  const may: number[] = [];
  for (const [number, kind] of kinds.kinds.entries()) {
    if (kind.type === "pod") continue;
    const match = matchNodeLabels(selector, kind.nodeLabels);
    if (match === 2) must.push(number);
    if (match > 0) may.push(number);
  }
  return { must: Int32Array.from(must), may: Int32Array.from(may) };
}

/** Looks up every peer of the policies in force, so that classes can be built from what they match; gives the port names in use. */
export function gatherTests(
  policies: readonly Policy[],
  tests: Tests,
  addresses: AddressIndex,
): ReadonlySet<string> {
  const portNames = new Set<string>();
  for (const { peers, traffic } of policies.flatMap(({ rules }) => rules)) {
    for (const { name } of traffic.named) portNames.add(name);
    for (const peer of peers) {
      if (peer.kind === "pods") tests.select(peer);
      else if (peer.kind === "addresses") addresses.intern(peer.addresses);
      else if (peer.kind === "nodes") tests.nodes(peer.selector);
    }
  }
  return portNames;
}

/** Rules with their peers, and the classes that each policy selects (undefined: all pods). */
export interface CompiledRules {
  readonly rules: readonly CompiledRule[];
  readonly subjects: readonly (ClassSet | undefined)[];
}

/** What rules are compiled with. */
export interface Lookups {
  readonly tests: Tests;
  readonly classes: Classes;
  readonly addresses: AddressIndex;
  readonly internClasses: InternClassSet;
}

/** Numbers the rules of the policies in force and turns what they match from kinds into classes. */
export function compileRules(
  policies: readonly Policy[],
  { tests, classes, addresses, internClasses }: Lookups,
): CompiledRules {
  const classSet = classSetsOf(classes, internClasses);
  const compilePeer = (peer: Peer): CompiledPeer => {
    switch (peer.kind) {
      case "pods":
        return { kind: "pods", classes: classSet(tests.select(peer)), selector: peer };
      case "addresses":
        return { ...peer, set: addresses.intern(peer.addresses) };
      case "nodes": {
        const { must, may } = tests.nodes(peer.selector);
        return { kind: "nodes", must: classSet(must), may: classSet(may) };
      }
      default:
        return peer;
    }
  };
  const rules = policies
    .flatMap(({ rules: own }, policy) => own.map((rule) => ({ policy, rule })))
    .map((each, number) => ({ ...each, number, peers: each.rule.peers.map(compilePeer) }));
  const subjects = policies.map(({ subject }) =>
    subject.kind === "everything" ? undefined : classSet(tests.select(subject)),
  );
  return { rules, subjects };
}

/** Sets of classes for sets of kinds; the same list of kinds is turned once. */
function classSetsOf({ ofKind }: Classes, intern: InternClassSet): (kinds: Int32Array) => ClassSet {
  const known = new Map<Int32Array, ClassSet>();
  return (kinds) => {
    let set = known.get(kinds);
    if (set === undefined) {
      const members = new Set<number>();
      for (const kind of kinds) for (const number of ofKind[kind]!) members.add(number);
      set = intern(Int32Array.from(members).toSorted());
      known.set(kinds, set);
    }
    return set;
  };
}
