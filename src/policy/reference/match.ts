import { type Address, type AddressRange, type Family, lastOf } from "../../base/index.ts";
import {
  type Cluster,
  type ContainerPort,
  type LabelSelector,
  type Labels,
  type Pod,
  type TransportProtocol,
  matchesSelector,
} from "../../model/index.ts";
import type { Switches } from "../board.ts";
import type { RuleRef } from "../decision.ts";
import type { Answer } from "../policy.ts";
import type { Fact } from "../fact.ts";
import { portTraffic } from "../traffic.ts";

/** How surely something matches. */
export type Match = "no" | "perhaps" | "yes";

/** A pod whose policies are asked. */
export interface Guarded {
  readonly namespace: string;
  readonly pod: Pod;
}

/** A node, or what is on the host network of one; `undefined` where not known. */
export interface Host {
  readonly labels: Labels | undefined;
  readonly addresses: readonly Address[] | undefined;
}

/** The other end as policies see it. A host-network pod that is read as a pod keeps the address of its host. */
export type Other =
  | {
      readonly kind: "pod";
      readonly namespace: string;
      readonly pod: Pod;
      readonly host: Host | undefined;
    }
  | { readonly kind: "host"; readonly host: Host }
  | { readonly kind: "outside"; readonly address: Address };

/** Everything that a tier is asked with. */
export interface Scene {
  readonly cluster: Cluster;
  readonly switches: Switches;
  readonly direction: "ingress" | "egress";
  readonly guarded: Guarded;
  readonly other: Other;
  readonly traffic: number;
  readonly family: Family;
  readonly facts: readonly Fact[];
  /** Of the destination, if it is a pod (NP-5). */
  readonly ports: readonly ContainerPort[];
}

/** What a tier says: all that may happen, what made it so, and the rules of the specification behind it. */
export interface Step {
  readonly outcomes: ReadonlySet<"Allow" | "Deny" | "Pass">;
  readonly refs: readonly RuleRef[];
  readonly ruleIds: readonly string[];
}

/** Both must match. */
export function both(a: Match, b: Match): Match {
  if (a === "no" || b === "no") return "no";
  return a === "yes" && b === "yes" ? "yes" : "perhaps";
}

/** One of them must match. */
export function anyOf(matches: readonly Match[]): Match {
  if (matches.includes("yes")) return "yes";
  return matches.includes("perhaps") ? "perhaps" : "no";
}

/** A match that an engine may leave open. */
function answered(answer: Answer): Match {
  return ({ yes: "yes", no: "no", unclear: "perhaps" } as const)[answer];
}

/** Labels of a namespace; one that nobody declared has none. */
function namespaceLabels(cluster: Cluster, namespace: string): Labels {
  return cluster.namespaces.get(namespace)?.labels ?? {};
}

/** Pods by the labels of their namespace and their own; both must match (NP-1). */
export function selectsPod(
  cluster: Cluster,
  namespaceSelector: LabelSelector,
  podSelector: LabelSelector,
  { namespace, pod }: Guarded,
): boolean {
  return (
    matchesSelector(namespaceSelector, namespaceLabels(cluster, namespace)) &&
    matchesSelector(podSelector, pod.labels)
  );
}

/** A range less its exceptions. */
export interface Block {
  readonly cidr: AddressRange;
  readonly except: readonly AddressRange[];
}

/** Whether the other end's address is in any of a rule's blocks (NP-6); `pods` and `nodes` say what an address of the cluster counts. */
export function matchesBlocks(
  scene: Pick<Scene, "other" | "cluster" | "family">,
  blocks: readonly Block[],
  { pods, nodes }: { readonly pods: Answer; readonly nodes: Answer },
): Match {
  const { other, cluster, family } = scene;
  const isIn = (address: Address): boolean =>
    blocks.some(
      ({ cidr, except }) => holds(cidr, address) && !except.some((range) => holds(range, address)),
    );
  if (other.kind === "outside") return isIn(other.address) ? "yes" : "no";
  const isHost = other.kind === "host" || other.host !== undefined;
  const known =
    other.kind === "host"
      ? other.host.addresses
      : other.host === undefined
        ? other.pod.addresses
        : other.host.addresses;
  const answer = answered(isHost ? nodes : pods);
  if (known !== undefined) {
    const mine = known.filter((address) => address.family === family);
    if (mine.every(isIn)) return mine.length > 0 ? answer : "no";
    // which of a node's addresses a connection has is not known
    return mine.some(isIn) ? both(answer, "perhaps") : "no";
  }
  const where = (isHost ? cluster.nodeRanges : cluster.podRanges) ?? [
    { family, first: 0n, last: lastOf(family) },
  ];
  const possible = where.filter((range) => range.family === family);
  return both(
    answer,
    unknownIn(
      possible,
      isIn,
      blocks.flatMap(({ cidr, except }) => [cidr, ...except]),
    ),
  );
}

function holds(range: AddressRange, { family, value }: Address): boolean {
  return range.family === family && range.first <= value && value <= range.last;
}

/** An address somewhere in `possible`: looked at wherever membership may change. */
function unknownIn(
  possible: readonly AddressRange[],
  isIn: (address: Address) => boolean,
  bounds: readonly AddressRange[],
): Match {
  const seen: boolean[] = [];
  for (const { family, first, last } of possible) {
    const places = bounds.flatMap((range) => [range.first, range.last + 1n]);
    for (const value of [first, ...places]) {
      if (value >= first && value <= last) seen.push(isIn({ family, value }));
    }
  }
  if (!seen.includes(true)) return "no";
  return seen.includes(false) ? "perhaps" : "yes";
}

/** Which containers' ports an engine sees (NP-5, section 8.2). */
function foundIn({ container }: ContainerPort, { sidecarPorts, initPorts }: Switches): Match {
  if (container === "ordinary") return "yes";
  return answered(container === "sidecar" ? sidecarPorts : initPorts);
}

/** A port name, looked up on the destination pod by name and protocol (NP-5); without a protocol whatever it is. */
export function matchesPortName(
  scene: Pick<Scene, "ports" | "switches" | "traffic">,
  name: string,
  protocol: TransportProtocol | undefined,
): Match {
  const { ports, switches, traffic } = scene;
  const named = ports.filter((port) => port.name === name && foundIn(port, switches) !== "no");
  const matches = named
    .filter((port) => protocol === undefined || port.protocol === protocol)
    .map((port): Match => {
      if (portTraffic(port.protocol, port.port, port.port)[0] !== traffic) return "no";
      const first = named.find((each) => each.protocol === port.protocol)!;
      const container = foundIn(port, switches);
      const repeated = port.port === first.port ? "yes" : answered(switches.repeatedPortNames);
      return both(container, repeated);
    });
  return anyOf(matches);
}
