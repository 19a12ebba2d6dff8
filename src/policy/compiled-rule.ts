import type { Family } from "../base/index.ts";
import type { AddressIndex } from "./address-index.ts";
import type { ClassSet, InternClassSet } from "./class-set.ts";
import type { Classes } from "./classes.ts";
import type { Kinds } from "./kinds.ts";
import type { DomainPattern } from "./domain.ts";
import type { Answer, EndpointSelector, NodeTest, Peer, Policy, Rule } from "./policy.ts";
import type { ReasonCode } from "./reason.ts";
import { matchNodeTest, requirementsKey, selectorKey } from "./selector-index.ts";

/** A rule with its peers looked up. */
export interface CompiledRule {
  readonly number: number;
  readonly policy: number;
  readonly rule: Rule;
  readonly peers: readonly CompiledPeer[];
  /** The peers with those that they are put together of, in the place of these. */
  readonly leaves: readonly LeafPeer[];
  readonly self: CompiledPeer | undefined;
}

/** A peer with what it matches: classes, or a set of the address index. */
export type CompiledPeer =
  | LeafPeer
  | { readonly kind: "all" | "either"; readonly of: readonly CompiledPeer[] }
  | { readonly kind: "not"; readonly of: CompiledPeer }
  | { readonly kind: "perhaps"; readonly of: CompiledPeer; readonly doubt: ReasonCode };

/** A peer that is put together of no others. */
export type LeafPeer =
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
  | { readonly kind: "domains"; readonly names: readonly DomainPattern[] }
  | { readonly kind: "family"; readonly family: Family }
  | { readonly kind: "own-node" };

/** What the tests in force match, each looked up once. */
export interface Tests {
  /** The kinds that a selector matches. */
  readonly select: (selector: EndpointSelector) => Int32Array;
  readonly nodes: (test: NodeTest) => NodeMatch;
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
  const nodes = (test: NodeTest): NodeMatch => {
    const key = nodeTestKey(test);
    let found = nodeMatches.get(key);
    if (found === undefined) {
      found = matchNodes(kinds, test);
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

function nodeTestKey(test: NodeTest): string {
  if (test.kind === "labels") return requirementsKey(test.selector);
  return `=${test.surely.join()}|${test.perhaps.join()}`;
}

function matchNodes(kinds: Kinds, test: NodeTest): NodeMatch {
  const must: number[] = [];
  const may: number[] = [];
  for (const [number, kind] of kinds.kinds.entries()) {
    if (kind.type === "pod") continue;
    const match = matchNodeTest(test, kind);
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
  const look = (peer: Peer): void => {
    switch (peer.kind) {
      case "pods":
        tests.select(peer);
        break;
      case "addresses":
        addresses.intern(peer.addresses);
        break;
      case "nodes":
        tests.nodes(peer.nodes);
        break;
      case "all":
      case "either":
        for (const each of peer.of) look(each);
        break;
      case "not":
      case "perhaps":
        look(peer.of);
        break;
      default:
    }
  };
  for (const { subject, rules } of policies) {
    if (subject.kind === "nodes") tests.nodes(subject.nodes);
    for (const { peers, self, traffic } of rules) {
      for (const { name } of traffic.named) portNames.add(name);
      for (const { name } of traffic.unless ?? []) portNames.add(name);
      for (const peer of peers) look(peer);
      if (self !== undefined) look(self);
    }
  }
  return portNames;
}

/** The classes that a policy selects, surely or `perhaps`. */
export interface Selected {
  readonly classes: ClassSet;
  /** Those of them of which it is not known: nodes without known labels. */
  readonly perhaps: ClassSet | undefined;
}

/** Rules with their peers, and the classes that each policy selects (undefined: all). */
export interface CompiledRules {
  readonly rules: readonly CompiledRule[];
  readonly subjects: readonly (Selected | undefined)[];
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
        const { must, may } = tests.nodes(peer.nodes);
        return { kind: "nodes", must: classSet(must), may: classSet(may) };
      }
      case "all":
      case "either":
        return { kind: peer.kind, of: peer.of.map(compilePeer) };
      case "not":
      case "perhaps":
        return { ...peer, of: compilePeer(peer.of) };
      default:
        return peer;
    }
  };
  const rules = policies
    .flatMap(({ rules: own }, policy) => own.map((rule) => ({ policy, rule })))
    .map(({ policy, rule }, number): CompiledRule => {
      const peers = rule.peers.map(compilePeer);
      const self = rule.self === undefined ? undefined : compilePeer(rule.self);
      return { policy, rule, number, peers, leaves: leavesOf(peers), self };
    });
  const subjects = policies.map(({ subject }): Selected | undefined => {
    if (subject.kind === "everything") return undefined;
    if (subject.kind === "pods") {
      return { classes: classSet(tests.select(subject)), perhaps: undefined };
    }
    const { must, may } = tests.nodes(subject.nodes);
    const sure = new Set(must);
    const perhaps = may.filter((kind) => !sure.has(kind));
    return {
      classes: classSet(may),
      perhaps: perhaps.length === 0 ? undefined : classSet(perhaps),
    };
  });
  return { rules, subjects };
}

/** Peers with those that they are put together of, in the place of these. */
function leavesOf(peers: readonly CompiledPeer[]): readonly LeafPeer[] {
  if (peers.every(isLeaf)) return peers;
  return peers.flatMap((peer): readonly LeafPeer[] => {
    if (isLeaf(peer)) return [peer];
    return leavesOf("kind" in peer.of ? [peer.of] : peer.of);
  });
}

function isLeaf(peer: CompiledPeer): peer is LeafPeer {
  return !("of" in peer);
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
