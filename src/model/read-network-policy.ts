import { type AddressRange, parseCidr } from "../base/index.ts";
import {
  type Field,
  below,
  complain,
  expectKeys,
  isSet,
  nameOf,
  readItems,
  readNumber,
  readObject,
  readText,
  readWord,
} from "./field.ts";
import { isPortName } from "./label-syntax.ts";
import type {
  NetworkPolicy,
  NetworkPolicyPeer,
  NetworkPolicyPort,
  NetworkPolicyRule,
} from "./policy-objects.ts";
import { shown } from "./raw.ts";
import { readSelector } from "./read-selector.ts";

/** What the spec of a networking.k8s.io/v1 NetworkPolicy says, with the API server's defaults (NP-1, NP-2). The caller drops it if an error was noted. */
export function readNetworkPolicySpec(
  spec: Field,
): Pick<NetworkPolicy, "podSelector" | "policyTypes" | "ingress" | "egress" | "written"> {
  readObject(spec);
  expectKeys(spec, ["podSelector", "policyTypes", "ingress", "egress"]);
  const podSelector = readSelector(below(spec, "podSelector"));
  const ingress = readItems(below(spec, "ingress")).map((rule) => readRule(rule, "from"));
  const egress = readItems(below(spec, "egress")).map((rule) => readRule(rule, "to"));
  const listed = readItems(below(spec, "policyTypes"), 2).flatMap(
    (item): NetworkPolicy["policyTypes"] => {
      // Null is decoded as the empty text, which is no type.
      const word = readWord({ ...item, value: item.value ?? "" }, ["Ingress", "Egress"]);
      return word === undefined ? [] : [word];
    },
  );
  // NP-2: an absent or empty list is Ingress, and Egress if there are egress rules.
  const defaulted: NetworkPolicy["policyTypes"] =
    egress.length > 0 ? ["Ingress", "Egress"] : ["Ingress"];
  const policyTypes = listed.length > 0 ? [...new Set(listed)] : defaulted;
  const written = WRITTEN[listed.length > 0 ? 1 : 0][isEmptyList(below(spec, "egress")) ? 1 : 0];
  return { podSelector, policyTypes, ingress, egress, written };
}

function isEmptyList({ value }: Field): boolean {
  return Array.isArray(value) && value.length === 0;
}

/** Shared, as there are only four. */
const WRITTEN = [
  [
    { policyTypes: false, emptyEgress: false },
    { policyTypes: false, emptyEgress: true },
  ],
  [
    { policyTypes: true, emptyEgress: false },
    { policyTypes: true, emptyEgress: true },
  ],
] as const;

/** An item of null is read as `{}`, as the API server decodes it. */
function readRule(field: Field, side: "from" | "to"): NetworkPolicyRule {
  readObject(field);
  expectKeys(field, [side, "ports"]);
  const peers = readItems(below(field, side)).flatMap((peer) => readPeer(peer) ?? []);
  return { peers, ports: readItems(below(field, "ports")).map(readPort) };
}

function readPeer(field: Field): NetworkPolicyPeer | undefined {
  readObject(field);
  expectKeys(field, ["podSelector", "namespaceSelector", "ipBlock"]);
  const pods = below(field, "podSelector");
  const namespaces = below(field, "namespaceSelector");
  const ipBlock = below(field, "ipBlock");
  if (isSet(ipBlock)) {
    if (isSet(pods) || isSet(namespaces)) {
      complain(field, `${nameOf(field)} has \`ipBlock\` beside a selector: use two list items`);
    }
    return readIpBlock(ipBlock);
  }
  if (!isSet(pods) && !isSet(namespaces)) {
    complain(field, `${nameOf(field)} is empty: leave the list out to mean any peer`);
    return undefined;
  }
  return {
    kind: "pods",
    namespaceSelector: isSet(namespaces) ? readSelector(namespaces) : undefined,
    podSelector: isSet(pods) ? readSelector(pods) : undefined,
  };
}

function readIpBlock(field: Field): NetworkPolicyPeer | undefined {
  if (readObject(field) === undefined) return undefined;
  expectKeys(field, ["cidr", "except"]);
  const cidr = readCidr(below(field, "cidr"));
  const except: AddressRange[] = [];
  for (const item of readItems(below(field, "except"))) {
    const range = readCidr(item);
    if (range === undefined) continue;
    if (cidr !== undefined && !isStrictlyInside(range, cidr)) {
      const whole = shown(below(field, "cidr").value);
      const text = `\`except\` ${shown(item.value)} must lie strictly inside ${whole}`;
      complain(item, text, "except-outside-cidr");
    }
    except.push(range);
  }
  return cidr === undefined ? undefined : { kind: "ipBlock", cidr, except };
}

/** Reads a CIDR that must be there. */
export function readCidr(field: Field): AddressRange | undefined {
  if (!isSet(field)) {
    complain(field, `${nameOf(field)} is missing`);
    return undefined;
  }
  const text = readText(field);
  const range = text === undefined ? undefined : parseCidr(text);
  if (text !== undefined && range === undefined) {
    complain(field, `${nameOf(field)} is no CIDR: ${shown(text)}, write \`10.0.0.0/8\``);
  }
  return range;
}

function isStrictlyInside(part: AddressRange, whole: AddressRange): boolean {
  if (part.family !== whole.family || part.first < whole.first || part.last > whole.last) {
    return false;
  }
  return part.first !== whole.first || part.last !== whole.last;
}

function readPort(field: Field): NetworkPolicyPort {
  readObject(field);
  expectKeys(field, ["protocol", "port", "endPort"]);
  const protocol = readWord(below(field, "protocol"), ["TCP", "UDP", "SCTP"]) ?? "TCP";
  const port = readPortNumberOrName(below(field, "port"));
  const endField = below(field, "endPort");
  const endPort = readNumber(endField, 1, 65_535);
  if (endPort !== undefined && typeof port !== "number") {
    complain(endField, `${nameOf(endField)} needs a numeric \`port\``);
  } else if (endPort !== undefined && typeof port === "number" && endPort < port) {
    complain(endField, `${nameOf(endField)} ${endPort} is below \`port\` ${port}`);
  }
  return { protocol, port, endPort };
}

function readPortNumberOrName(field: Field): number | string | undefined {
  if (typeof field.value !== "string") return readNumber(field, 1, 65_535);
  if (!isPortName(field.value)) {
    const rule = "at most 15 lower case letters, digits and `-`, at least one letter";
    complain(field, `${nameOf(field)} is no port name: ${shown(field.value)} (${rule})`);
  }
  return field.value;
}
