import type { GenericSchema } from "valibot";

import type { Intent, SingleEnd } from "../analysis/index.ts";
import { type ValibotModule, exactObject, oneOf, parseAddress, parseCidr } from "../base/index.ts";
import { parseSelector } from "../model/index.ts";

/** A baseline rule of netpol-verification: connectivity that is required or forbidden. */
export interface BaselineRule {
  readonly name: string;
  readonly description?: string;
  readonly action: "allow" | "deny";
  /** A label expression, an address or a CIDR; absent: any. */
  readonly from?: string;
  readonly to?: string;
  /** The name of a namespace or a label expression on namespaces. */
  readonly from_ns?: string;
  readonly to_ns?: string;
  /** Absent: any. */
  readonly protocol?: string;
  readonly port_min?: number;
  readonly port_max?: number;
}

/** The schema of a baseline rule. */
export function baselineRuleSchema(v: ValibotModule): GenericSchema<unknown, BaselineRule> {
  const text = v.exactOptional(v.string());
  const port = v.exactOptional(
    v.pipe(
      v.number(),
      v.integer("a port is a whole number"),
      v.minValue(1, "a port is 1 or more"),
      v.maxValue(65535, "a port is 65535 or less"),
    ),
  );
  return exactObject(v, {
    name: v.string(),
    description: text,
    action: oneOf(v, ["allow", "deny"]),
    from: text,
    to: text,
    from_ns: text,
    to_ns: text,
    protocol: text,
    port_min: port,
    port_max: port,
  });
}

/** The intent that a baseline rule stands for; a sentence where it cannot be expressed. */
export function intentOfBaselineRule(rule: BaselineRule): Intent | string {
  const from = endOf(rule.from, rule.from_ns);
  if ("why" in from) return from.why;
  const to = endOf(rule.to, rule.to_ns);
  if ("why" in to) return to.why;
  const ports = portsOf(rule);
  if (typeof ports === "string") return ports;
  const sides = { from: from.end, to: to.end, ...(ports === undefined ? {} : { ports }) };
  const { name, description, action } = rule;
  return { name, ...(description === undefined ? {} : { reason: description }), [action]: sides };
}

type ReadEnd = { readonly end: SingleEnd } | { readonly why: string };

function endOf(peer: string | undefined, namespace: string | undefined): ReadEnd {
  if (peer !== undefined && isAddress(peer)) {
    const why = `\`${peer}\` is an address, and an address is in no namespace: leave one of them out`;
    return namespace === undefined ? { end: peer } : { why };
  }
  if (peer === undefined && namespace === undefined) return { end: "any" };
  const pods = peer === undefined ? undefined : parseSelector(peer);
  if (typeof pods === "string") return { why: pods };
  const selected = pods === undefined ? {} : { pods: { matchExpressions: pods.requirements } };
  if (namespace === undefined) return { end: selected };
  if (/^[a-z0-9][-a-z0-9]*$/u.test(namespace)) return { end: { ...selected, namespace } };
  const namespaces = parseSelector(namespace);
  if (typeof namespaces === "string") return { why: namespaces };
  return { end: { ...selected, namespaces: { matchExpressions: namespaces.requirements } } };
}

function isAddress(text: string): boolean {
  return parseCidr(text) !== undefined || parseAddress(text) !== undefined;
}

const TRANSPORTS = ["tcp", "udp", "sctp"];

/** `undefined`: all traffic. */
function portsOf(rule: BaselineRule): readonly string[] | undefined | string {
  const { protocol, port_min: first, port_max: last } = rule;
  const name = protocol?.toLowerCase();
  if (name !== undefined && ![...TRANSPORTS, "icmp"].includes(name)) {
    return `the protocol \`${protocol}\` is not known: write TCP, UDP, SCTP or ICMP`;
  }
  const protocols = name === undefined ? TRANSPORTS : [name];
  if (first === undefined && last === undefined) return name === undefined ? undefined : [name];
  if (first === undefined || last === undefined || first > last) {
    return "`port_min` and `port_max` need each other, and the first is not above the second";
  }
  if (name === "icmp") return "`ICMP` has no ports: leave `port_min` and `port_max` out";
  return protocols.map((each) =>
    first === last ? `${each}/${first}` : `${each}/${first}-${last}`,
  );
}
