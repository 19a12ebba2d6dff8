import type {
  AdminPolicy,
  Direction,
  NetworkPolicy,
  NetworkPolicyPeer,
  Path,
} from "../model/index.ts";
import {
  type CompiledPeer,
  type CompiledPolicies,
  type CompiledRule,
  type Policy,
  type PortName,
  ruleName,
} from "../policy/index.ts";
import type { Place } from "./finding.ts";

/** A rule in force with what it was read from. */
export interface RuleSource {
  readonly policy: Policy;
  readonly compiled: CompiledRule;
  /** `ingress[0]`. */
  readonly name: string;
  readonly place: Place;
  /** Peers that are pods or nodes by their labels. */
  readonly selectors: readonly SelectorSource[];
  /** Address ranges as they are written. */
  readonly blocks: readonly BlockSource[];
  readonly portNames: readonly {
    readonly port: PortName;
    readonly name: string;
    readonly path: Path;
  }[];
}

/** A peer with labels, and what it matches. */
export interface SelectorSource {
  /** `ingress[0].from[1]`. */
  readonly name: string;
  readonly path: Path;
  readonly peer: Extract<CompiledPeer, { readonly kind: "pods" | "nodes" }>;
}

/** An `ipBlock` of a NetworkPolicy. */
export interface BlockSource {
  readonly path: Path;
  readonly block: Extract<NetworkPolicyPeer, { readonly kind: "ipBlock" }>;
}

/** The rules of policies that select a pod which exists; built-in ones are left out. */
export function readRuleSources(compiled: CompiledPolicies): readonly RuleSource[] {
  const { cluster, policies, rules, selecting } = compiled;
  const objects = new Map<string, NetworkPolicy | AdminPolicy>([
    ...cluster.networkPolicies.map(
      (object) =>
        [`networking.k8s.io/NetworkPolicy/${object.namespace}/${object.name}`, object] as const,
    ),
    ...cluster.adminPolicies.map(
      (object) => [`policy.networking.k8s.io/${object.kind}/${object.name}`, object] as const,
    ),
  ]);
  return rules.flatMap((rule) => {
    const policy = policies[rule.policy]!;
    const object = objects.get(policy.id);
    if (object === undefined || !selecting.has(policy.id)) return [];
    return [readSource(policy, rule, object)];
  });
}

function readSource(
  policy: Policy,
  compiled: CompiledRule,
  object: NetworkPolicy | AdminPolicy,
): RuleSource {
  const { direction, index } = compiled.rule;
  const path = ["spec", direction, index];
  const name = ruleName(compiled.rule);
  const { origin, id } = policy;
  return {
    policy,
    compiled,
    name,
    place: { policy: id, rule: name, origin, path },
    selectors: selectorsOf(compiled, object),
    blocks: blocksOf(object, direction, index),
    portNames: portNamesOf(compiled, object),
  };
}

function sideOf(direction: Direction): "from" | "to" {
  return direction === "ingress" ? "from" : "to";
}

/** Peers by labels keep their order when a rule is compiled; what a rule that fails closed names matches nothing. */
function selectorsOf(
  { rule, peers }: CompiledRule,
  object: NetworkPolicy | AdminPolicy,
): readonly SelectorSource[] {
  const { direction, index } = rule;
  const side = sideOf(direction);
  const found = peers.filter((peer) => peer.kind === "pods" || peer.kind === "nodes");
  const written = object[direction][index]!.peers.flatMap(({ kind }, at) =>
    kind === "pods" || kind === "nodes" ? [at] : [],
  );
  if (found.length !== written.length) return [];
  return found.map((peer, order) => ({
    name: `${direction}[${index}].${side}[${written[order]}]`,
    path: ["spec", direction, index, side, written[order]!],
    peer,
  }));
}

function blocksOf(
  object: NetworkPolicy | AdminPolicy,
  direction: Direction,
  index: number,
): readonly BlockSource[] {
  if (object.kind !== "NetworkPolicy") return [];
  const side = sideOf(direction);
  return object[direction][index]!.peers.flatMap((block, at) =>
    block.kind === "ipBlock"
      ? [{ path: ["spec", direction, index, side, at, "ipBlock"], block }]
      : [],
  );
}

function portNamesOf(
  { rule }: CompiledRule,
  object: NetworkPolicy | AdminPolicy,
): RuleSource["portNames"] {
  const { direction, index } = rule;
  const key = object.kind === "ClusterNetworkPolicy" ? "protocols" : "ports";
  const at = (item: number): { readonly name: string; readonly path: Path } => ({
    name: `${direction}[${index}].${key}[${item}]`,
    path: ["spec", direction, index, key, item],
  });
  if (object.kind === "NetworkPolicy") {
    return object[direction][index]!.ports.flatMap(({ port, protocol }, item) =>
      typeof port === "string" ? [{ port: { name: port, protocol }, ...at(item) }] : [],
    );
  }
  return (object[direction][index]!.protocols ?? []).flatMap((entry, item) =>
    entry.kind === "named"
      ? [{ port: { name: entry.name, protocol: undefined }, ...at(item) }]
      : [],
  );
}
