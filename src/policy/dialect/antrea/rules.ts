import { EMPTY, addressSet, parseAddress, union } from "../../../base/index.ts";
import type {
  AntreaL7,
  AntreaPeer,
  AntreaRule,
  AntreaTraffic,
  Cluster,
  Direction,
  Labels,
} from "../../../model/index.ts";
import type { Condition, RequestTest, TextPattern } from "../../condition.ts";
import type { DomainPattern } from "../../domain.ts";
import { normalName } from "../../domain.ts";
import type { Peer, PortName, Rule, TrafficMatch } from "../../policy.ts";
import {
  ALL_TRAFFIC,
  type Traffic,
  icmpTraffic,
  portTraffic,
  protocolTraffic,
} from "../../traffic.ts";
import {
  type AntreaContext,
  blockOf,
  blocksPeer,
  membersOf,
  podsOf,
  podsOfAccount,
} from "./members.ts";

/** Whether a rule's peers are told by the namespace of the pod that is selected (ANT-13, ANT-14). */
export function isRelative({ peers }: AntreaRule): boolean {
  return peers.some(({ kind }) => kind === "self" || kind === "sameLabels");
}

/** The namespace of the selected pods, where the peers are told by it. */
export interface OwnNamespace {
  readonly name: string;
  readonly labels: Labels;
}

/** What one rule means (ANT-4, ANT-10 to ANT-23); several where it names several Services. */
export function compileAntreaRule(
  context: AntreaContext,
  rule: AntreaRule,
  {
    direction,
    index,
    own,
  }: {
    readonly direction: Direction;
    readonly index: number;
    readonly own: OwnNamespace | undefined;
  },
): readonly Rule[] {
  const action: Rule["action"] =
    rule.action === "Drop" || rule.action === "Reject" ? "Deny" : rule.action;
  const condition = rule.l7 === undefined ? {} : { condition: conditionOf(rule.l7) };
  const base = { direction, index, action, ...condition };
  if (rule.toServices.length > 0) {
    return rule.toServices.flatMap((service) => {
      const target = serviceTarget(context.cluster, service);
      return target === undefined ? [] : [{ ...base, ...target }];
    });
  }
  const peers: readonly Peer[] =
    rule.peers.length === 0
      ? [{ kind: "any" }] // ANT-10
      : rule.peers.flatMap((peer) => peersOf(context, peer, own));
  return [{ ...base, peers, traffic: trafficOf(rule.traffic) }];
}

function peersOf(
  context: AntreaContext,
  peer: AntreaPeer,
  own: OwnNamespace | undefined,
): readonly Peer[] {
  switch (peer.kind) {
    case "pods":
      return [podsOf(context.namespace, peer.podSelector, peer.namespaceSelector)];
    case "self":
      return own === undefined ? [] : [podsOf(own.name, peer.podSelector, undefined)];
    case "sameLabels": {
      const requirements = peer.labels.map((key) => ({
        key,
        operator: "In" as const,
        values: own === undefined || !Object.hasOwn(own.labels, key) ? [] : [own.labels[key]!],
      }));
      // a namespace that lacks one of the labels gets no rule from that peer (ANT-14)
      if (requirements.some(({ values }) => values.length === 0)) return [];
      return [podsOf(undefined, peer.podSelector, { requirements })];
    }
    case "ipBlock":
      return [blocksPeer(blockOf(peer))];
    case "group":
      return membersOf(context, peer.name);
    case "serviceAccount":
      return [podsOfAccount(peer.namespace, peer.name)];
    case "nodes":
      return [{ kind: "nodes", nodes: { kind: "labels", selector: peer.selector } }];
    case "fqdn":
      return [{ kind: "domains", names: [domainOf(peer.name)] }];
    case "external":
      return [];
  }
}

/** ANT-18: `*` is any number of labels, none included. */
function domainOf(text: string): DomainPattern {
  const parts = normalName(text).split(/(\*)/u);
  return {
    text,
    parts: parts
      .filter((part) => part !== "")
      .map((part) => (part === "*" ? { dots: true, empty: true } : part)),
  };
}

/** The address of a Service before translation, with its ports (ANT-17); nothing of a headless one. */
function serviceTarget(
  { services }: Cluster,
  { namespace, name }: { readonly namespace: string; readonly name: string },
): Pick<Rule, "peers" | "traffic"> | undefined {
  const service = services.find((one) => one.namespace === namespace && one.name === name);
  const ranges = (service?.clusterIPs ?? []).flatMap((text) => {
    const address = parseAddress(text);
    return address === undefined
      ? []
      : [{ family: address.family, first: address.value, last: address.value }];
  });
  if (service === undefined || ranges.length === 0) return undefined;
  const traffic = service.ports.reduce<Traffic>(
    (sum, { protocol, port }) => union(sum, portTraffic(protocol, port, port)),
    EMPTY,
  );
  const peer: Peer = { kind: "addresses", addresses: addressSet(ranges), pods: "no", nodes: "no" };
  return { peers: [peer], traffic: { must: traffic, may: traffic, named: [] } };
}

function trafficOf(entries: readonly AntreaTraffic[] | undefined): TrafficMatch {
  if (entries === undefined) return { must: ALL_TRAFFIC, may: ALL_TRAFFIC, named: [] };
  let must: Traffic = EMPTY;
  let may: Traffic = EMPTY;
  const named: PortName[] = [];
  for (const entry of entries) {
    if (entry.kind === "port" && typeof entry.port === "string") {
      named.push({ name: entry.port, protocol: entry.protocol });
      continue;
    }
    const traffic = trafficOfEntry(entry);
    may = union(may, traffic);
    if (entry.kind !== "port" || !entry.sourcePort) must = union(must, traffic);
  }
  const isPerhaps = entries.some((entry) => entry.kind === "port" && entry.sourcePort);
  return { must, may, named, ...(isPerhaps ? { doubt: "source-port" as const } : {}) };
}

/** ANT-21, ANT-22: a type and code are those of both families. */
function trafficOfEntry(entry: AntreaTraffic): Traffic {
  switch (entry.kind) {
    case "igmp":
      return protocolTraffic(2);
    case "icmp":
      return union(icmpTraffic(4, entry.type, entry.code), icmpTraffic(6, entry.type, entry.code));
    case "port": {
      const { protocol, port, endPort } = entry;
      if (typeof port !== "number") return portTraffic(protocol);
      return portTraffic(protocol, Math.max(port, 1), Math.max(endPort ?? port, 1));
    }
  }
}

/** ANT-23: what fits none of them is dropped. */
function conditionOf(all: readonly AntreaL7[]): Condition {
  return {
    text: all.map(textOf).join(" or "),
    anyOf: all.map(testOf),
    otherwise: "deny",
  };
}

function textOf(l7: AntreaL7): string {
  if (l7.kind === "tls") return `tls ${l7.sni ?? "*"}`;
  return ["http", l7.method ?? "*", `${l7.host ?? ""}${l7.path ?? "/*"}`].join(" ");
}

function testOf(l7: AntreaL7): RequestTest {
  if (l7.kind === "tls") return { kind: "unknown" };
  const { method, host, path } = l7;
  return {
    kind: "http",
    ...(method === undefined ? {} : { methods: [{ kind: "exact" as const, text: method }] }),
    ...(host === undefined ? {} : { hosts: [globOf(host)] }),
    ...(path === undefined ? {} : { paths: [globOf(path)] }),
  };
}

/** A text with `*` at one of its ends; one in between is left to the engine. */
function globOf(text: string): TextPattern {
  if (!text.includes("*")) return { kind: "exact", text };
  if (text.indexOf("*") === text.length - 1) return { kind: "prefix", text: text.slice(0, -1) };
  if (text.lastIndexOf("*") === 0) return { kind: "suffix", text: text.slice(1) };
  return {
    kind: "regex",
    text: text.replaceAll(/[.+?^${}()|[\]\\]/gu, String.raw`\$&`).replaceAll("*", ".*"),
  };
}
