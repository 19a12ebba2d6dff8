import { type AddressRange, isWithin, parseCidr } from "../../base/index.ts";
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
} from "../field.ts";
import { shown } from "../raw.ts";
import { readSelector } from "../read-selector.ts";
import type { LabelSelector } from "../selector.ts";
import type { AntreaAppliedTo, AntreaL7, AntreaPeer, AntreaTraffic } from "./objects.ts";

/** A selector, `undefined` where it is not set. */
export function selectorAt(field: Field, key: string): LabelSelector | undefined {
  const own = below(field, key);
  return isSet(own) ? readSelector(own, "dropped") : undefined;
}

/** One entry of appliedTo (ANT-9); `isCluster`: of a cluster policy. */
export function readAppliedTo(field: Field, isCluster: boolean): AntreaAppliedTo | undefined {
  readObject(field);
  expectKeys(field, [
    "podSelector",
    "namespaceSelector",
    "externalEntitySelector",
    "group",
    "serviceAccount",
    "nodeSelector",
    "service",
  ]);
  const group = readText(below(field, "group"));
  if (group !== undefined) return { kind: "group", name: group };
  if (isSet(below(field, "serviceAccount"))) {
    return { kind: "serviceAccount", ...readNamed(below(field, "serviceAccount")) };
  }
  if (isSet(below(field, "service")))
    return { kind: "service", ...readNamed(below(field, "service")) };
  const nodes = selectorAt(field, "nodeSelector");
  if (nodes !== undefined) return { kind: "nodes", selector: nodes };
  const podSelector = selectorAt(field, "podSelector");
  const namespaceSelector = selectorAt(field, "namespaceSelector");
  if (!isCluster && namespaceSelector !== undefined) {
    const text = "`appliedTo` of a NetworkPolicy is in its own namespace: no `namespaceSelector`";
    complain(below(field, "namespaceSelector"), text);
  }
  if (podSelector === undefined && namespaceSelector === undefined) {
    if (isSet(below(field, "externalEntitySelector"))) return { kind: "external" };
    complain(field, `${nameOf(field)} selects nothing: it needs a selector, a group or a service`);
    return undefined;
  }
  return { kind: "pods", podSelector, namespaceSelector };
}

function readNamed(field: Field): { readonly namespace: string; readonly name: string } {
  readObject(field);
  expectKeys(field, ["name", "namespace", "scope"]);
  const name = readText(below(field, "name"));
  if (name === undefined) complain(field, `${nameOf(field)} needs \`name\``);
  return { name: name ?? "", namespace: readText(below(field, "namespace")) ?? "" };
}

/** One peer of a rule (ANT-10 to ANT-18). */
export function readAntreaPeer(field: Field): AntreaPeer | undefined {
  readObject(field);
  expectKeys(field, [
    "ipBlock",
    "podSelector",
    "namespaceSelector",
    "namespaces",
    "externalEntitySelector",
    "group",
    "fqdn",
    "serviceAccount",
    "nodeSelector",
    "scope",
  ]);
  const group = readText(below(field, "group"));
  if (group !== undefined) return { kind: "group", name: group };
  const fqdn = readText(below(field, "fqdn"));
  if (fqdn !== undefined) return { kind: "fqdn", name: fqdn };
  if (isSet(below(field, "ipBlock")))
    return { kind: "ipBlock", ...readBlock(below(field, "ipBlock")) };
  if (isSet(below(field, "serviceAccount"))) {
    return { kind: "serviceAccount", ...readNamed(below(field, "serviceAccount")) };
  }
  const nodes = selectorAt(field, "nodeSelector");
  if (nodes !== undefined) return { kind: "nodes", selector: nodes };
  const podSelector = selectorAt(field, "podSelector");
  const namespaceSelector = selectorAt(field, "namespaceSelector");
  const namespaces = below(field, "namespaces");
  if (isSet(namespaces)) {
    if (namespaceSelector !== undefined) {
      complain(field, "`namespaces` and `namespaceSelector` exclude each other");
    }
    expectKeys(namespaces, ["match", "sameLabels"]);
    const labels = readItems(below(namespaces, "sameLabels")).flatMap(
      (item) => readText(item) ?? [],
    );
    if (labels.length > 0) return { kind: "sameLabels", labels, podSelector };
    if (readWord(below(namespaces, "match"), ["Self"]) !== undefined) {
      return { kind: "self", podSelector };
    }
    complain(namespaces, "`namespaces` needs `match: Self` or `sameLabels`");
    return undefined;
  }
  if (podSelector === undefined && namespaceSelector === undefined) {
    if (isSet(below(field, "externalEntitySelector"))) return { kind: "external" };
    complain(field, `${nameOf(field)} has no known field`);
    return undefined;
  }
  return { kind: "pods", podSelector, namespaceSelector };
}

/** A range less its exceptions, which lie strictly inside (ANT-15). */
export function readBlock(field: Field): {
  readonly cidr: AddressRange;
  readonly except: readonly AddressRange[];
} {
  readObject(field);
  expectKeys(field, ["cidr", "except"]);
  const cidr = readCidr(below(field, "cidr"));
  const except = readItems(below(field, "except")).flatMap((item) => {
    const range = readCidr(item);
    if (range === undefined || cidr === undefined) return [];
    const isSame = range.first === cidr.first && range.last === cidr.last;
    if (isSame || !isWithin([range], [cidr])) {
      complain(item, `${nameOf(item)} is not strictly inside \`cidr\``);
    }
    return [range];
  });
  return { cidr: cidr ?? { family: 4, first: 0n, last: 0n }, except };
}

function readCidr(field: Field): AddressRange | undefined {
  const text = readText(field);
  const range = text === undefined ? undefined : parseCidr(text);
  if (range === undefined) {
    complain(
      field,
      `${nameOf(field)} is ${shown(field.value)}: write a range such as \`10.0.0.0/8\``,
    );
  }
  return range;
}

/** One entry of `ports` (ANT-21). */
export function readAntreaPort(field: Field): AntreaTraffic | undefined {
  readObject(field);
  expectKeys(field, ["protocol", "port", "endPort", "sourcePort", "sourceEndPort"]);
  const protocol = readWord(below(field, "protocol"), ["TCP", "UDP", "SCTP"]) ?? "TCP";
  const portField = below(field, "port");
  const { value } = portField;
  const port = typeof value === "string" ? value : readNumber(portField, 0, 65_535);
  const endPort = readNumber(below(field, "endPort"), 0, 65_535);
  if (endPort !== undefined && (typeof port !== "number" || endPort < port)) {
    complain(field, `${nameOf(field)}: \`endPort\` needs a numeric \`port\` that is not above it`);
  }
  const sourcePort = isSet(below(field, "sourcePort"));
  return { kind: "port", protocol, port, endPort, sourcePort };
}

/** One entry of `protocols` (ANT-22). */
export function readAntreaProtocol(field: Field): AntreaTraffic | undefined {
  readObject(field);
  expectKeys(field, ["icmp", "igmp"]);
  if (isSet(below(field, "igmp"))) return { kind: "igmp" };
  const icmp = below(field, "icmp");
  if (!isSet(icmp)) {
    complain(field, `${nameOf(field)} needs \`icmp\` or \`igmp\``);
    return undefined;
  }
  expectKeys(icmp, ["icmpType", "icmpCode"]);
  const type = readNumber(below(icmp, "icmpType"), 0, 255);
  const code = readNumber(below(icmp, "icmpCode"), 0, 255);
  return { kind: "icmp", type, code };
}

/** One L7 protocol (ANT-23). */
export function readAntreaL7(field: Field): AntreaL7 {
  readObject(field);
  expectKeys(field, ["http", "tls"]);
  const http = below(field, "http");
  if (isSet(http)) {
    return {
      kind: "http",
      host: readText(below(http, "host")),
      method: readText(below(http, "method")),
      path: readText(below(http, "path")),
    };
  }
  return { kind: "tls", sni: readText(below(below(field, "tls"), "sni")) };
}
