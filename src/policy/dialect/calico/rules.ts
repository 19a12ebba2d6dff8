import { EMPTY, addressSet, intersect, subtract, union } from "../../../base/index.ts";
import {
  type CalicoHttp,
  type CalicoIcmp,
  type CalicoPort,
  type CalicoRule,
  type Direction,
  type TransportProtocol,
  transportOf,
} from "../../../model/index.ts";
import type { Condition } from "../../condition.ts";
import type { Peer, PortName, Rule, TrafficMatch } from "../../policy.ts";
import {
  ALL_TRAFFIC,
  type Traffic,
  icmpTraffic,
  portTraffic,
  protocolTraffic,
} from "../../traffic.ts";
import { type CalicoContext, addresses, peerOfEntity } from "./peers.ts";
import { serviceTargets } from "./services.ts";

/** Where a rule stands. */
export interface RulePlace {
  readonly namespace: string | undefined;
  readonly direction: Direction;
  readonly index: number;
}

/** What one rule means (CAL-5, CAL-7 to CAL-16); several where a Service's ports differ from address to address. */
export function compileCalicoRule(
  context: CalicoContext,
  rule: CalicoRule,
  { namespace, direction, index }: RulePlace,
): readonly Rule[] {
  const [own, other] =
    direction === "ingress" ? [rule.destination, rule.source] : [rule.source, rule.destination];
  const self = peerOfEntity(context, own, namespace);
  const peer = peerOfEntity(context, other, namespace);
  const of: Peer[] = [
    ...(peer === undefined ? [] : [peer]),
    ...(rule.ipVersion === undefined ? [] : [{ kind: "family", family: rule.ipVersion } as const]),
  ];
  const base = {
    direction,
    index,
    action: rule.action,
    ...(self === undefined ? {} : { self }),
    ...(rule.http === undefined ? {} : { condition: conditionOf(rule.http) }),
  };
  const traffic = trafficOfRule(rule);
  if (other.services === undefined) {
    const whole = { ...base, peers: [perhapsOf(rule, allOf(of))], traffic };
    const atHosts = hostPorts(context, rule).map(({ hosts, open }): Rule => {
      if (direction === "egress") {
        return { ...whole, peers: [perhapsOf(rule, allOf([...of, hosts]))], traffic: open };
      }
      return { ...whole, self: self === undefined ? hosts : allOf([self, hosts]), traffic: open };
    });
    return [whole, ...atHosts];
  }
  const targets = serviceTargets(context.cluster, other.services);
  return targets.map((target): Rule => {
    const ports = direction === "egress" ? withTarget(traffic, target) : traffic;
    return { ...base, peers: [perhapsOf(rule, allOf([...of, target.peer]))], traffic: ports };
  });
}

/** Port names of host endpoints: they are looked up on a destination that is a host (CAL-12, CAL-14). */
function hostPorts(
  { cluster }: CalicoContext,
  { protocol, destination }: CalicoRule,
): readonly { readonly hosts: Peer; readonly open: TrafficMatch }[] {
  const names = (destination.ports ?? []).flatMap((port) =>
    port.kind === "name" ? [port.name] : [],
  );
  if (names.length === 0) return [];
  return cluster.calico
    .filter((object) => object.kind === "HostEndpoint")
    .flatMap(({ ports, expectedIPs }) =>
      ports
        .filter((port) => port.protocol === transportOf(protocol) && names.includes(port.name))
        .map(({ protocol: transport, port }) => {
          const traffic = portTraffic(transport, port, port);
          const hosts = addresses(addressSet(expectedIPs));
          return { hosts, open: { must: traffic, may: traffic, named: [] } };
        }),
    );
}

function allOf(of: readonly Peer[]): Peer {
  if (of.length === 0) return { kind: "any" };
  return of.length === 1 ? of[0]! : { kind: "all", of };
}

/** The ports of a Service instead of written ones, which cannot stand beside it (CAL-12). */
function withTarget(
  { must, may }: TrafficMatch,
  { traffic, named }: { readonly traffic: Traffic; readonly named: readonly PortName[] },
): TrafficMatch {
  return { must: intersect(must, traffic), may: intersect(may, traffic), named };
}

function trafficOfRule(rule: CalicoRule): TrafficMatch {
  const { protocol, notProtocol, icmp, notIcmp, destination } = rule;
  let base = protocol === undefined ? ALL_TRAFFIC : protocolTraffic(protocol);
  if (notProtocol !== undefined) base = subtract(base, protocolTraffic(notProtocol));
  if (icmp !== undefined) base = intersect(base, icmpOf(icmp, protocol));
  if (notIcmp !== undefined) base = subtract(base, icmpOf(notIcmp, protocol));
  const { ports, notPorts } = destination;
  const transport = transportOf(protocol);
  let named: readonly PortName[] = [];
  if (ports !== undefined && transport !== undefined) {
    base = intersect(base, numbersOf(ports, transport));
    named = namesOf(ports, transport);
  }
  let unless: readonly PortName[] = [];
  let except: Traffic = EMPTY;
  if (notPorts !== undefined && transport !== undefined) {
    except = numbersOf(notPorts, transport);
    base = subtract(base, except);
    unless = namesOf(notPorts, transport);
  }
  return {
    must: base,
    may: base,
    named,
    ...(unless.length === 0 ? {} : { unless }),
    ...(except.length === 0 ? {} : { except }),
  };
}

/** The question does not say which port a connection comes from: a rule that asks for one matches only perhaps. */
function perhapsOf({ source: { ports, notPorts } }: CalicoRule, peer: Peer): Peer {
  if (ports === undefined && notPorts === undefined) return peer;
  return { kind: "perhaps", of: peer, doubt: "source-port" };
}

function icmpOf({ type, code }: CalicoIcmp, protocol: number | undefined): Traffic {
  return icmpTraffic(protocol === 58 ? 6 : 4, type, code);
}

function numbersOf(ports: readonly CalicoPort[], protocol: TransportProtocol): Traffic {
  return ports.reduce<Traffic>((sum, port) => {
    if (port.kind === "name" || port.last === 0) return sum;
    return union(sum, portTraffic(protocol, Math.max(port.first, 1), port.last));
  }, EMPTY);
}

function namesOf(ports: readonly CalicoPort[], protocol: TransportProtocol): readonly PortName[] {
  return ports.flatMap((port) => (port.kind === "name" ? [{ name: port.name, protocol }] : []));
}

/** CAL-16: any of the methods on any of the paths. */
function conditionOf({ methods: listed, paths }: CalicoHttp): Condition {
  const methods = listed.includes("*") ? [] : listed;
  const written = paths.map(({ kind, text }) => (kind === "prefix" ? `${text}*` : text));
  const text = ["http", methods.join(",") || "*", written.join(",") || "/*"].join(" ");
  return {
    text,
    anyOf: [
      {
        kind: "http",
        ...(methods.length === 0
          ? {}
          : { methods: methods.map((method) => ({ kind: "exact" as const, text: method })) }),
        ...(paths.length === 0 ? {} : { paths }),
      },
    ],
    otherwise: "continue",
  };
}
