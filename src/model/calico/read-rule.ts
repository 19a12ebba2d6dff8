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
import type { Direction } from "../policy-objects.ts";
import { shown } from "../raw.ts";
import {
  CALICO_PROTOCOLS,
  type CalicoHttp,
  type CalicoIcmp,
  type CalicoRule,
  transportOf,
} from "./objects.ts";
import { readEntity } from "./read-entity.ts";

/** Reads one rule of a policy or profile (CAL-7 to CAL-16). */
export function readCalicoRule(field: Field, direction: Direction): CalicoRule {
  readObject(field);
  expectKeys(field, RULE_KEYS);
  const actionField = below(field, "action");
  if (!isSet(actionField)) complain(field, `${nameOf(field)} has no \`action\``);
  const action = readWord(actionField, ["Allow", "Deny", "Pass", "Log"]) ?? "Deny";
  const version = readNumber(below(field, "ipVersion"), 4, 6);
  if (version === 5) complain(below(field, "ipVersion"), "`ipVersion` is 4 or 6");
  const protocol = readProtocol(below(field, "protocol"));
  const rule: CalicoRule = {
    action,
    ipVersion: version === 4 || version === 6 ? version : undefined,
    protocol,
    notProtocol: readProtocol(below(field, "notProtocol")),
    icmp: readIcmp(below(field, "icmp")),
    notIcmp: readIcmp(below(field, "notICMP")),
    source: readEntity(below(field, "source")),
    destination: readEntity(below(field, "destination")),
    http: readHttp(below(field, "http")),
  };
  checkRule(field, direction, rule);
  return rule;
}

const RULE_KEYS = [
  "action",
  "ipVersion",
  "protocol",
  "icmp",
  "notProtocol",
  "notICMP",
  "source",
  "destination",
  "http",
  "metadata",
];

/** What the API refuses in a rule as a whole (CAL-9, CAL-12, CAL-13, CAL-16). */
function checkRule(field: Field, direction: Direction, rule: CalicoRule): void {
  const { protocol, icmp, notIcmp, source, destination } = rule;
  const ends = [source, destination];
  const hasPorts = ends.some((end) => end.ports !== undefined || end.notPorts !== undefined);
  if (hasPorts && transportOf(protocol) === undefined) {
    complain(field, `${nameOf(field)} has ports: they need \`protocol\` TCP, UDP or SCTP`);
  }
  if ((icmp !== undefined || notIcmp !== undefined) && protocol !== 1 && protocol !== 58) {
    complain(field, `${nameOf(field)} has \`icmp\`: it needs \`protocol\` ICMP or ICMPv6`);
  }
  const isFamily = rule.ipVersion === undefined ? undefined : rule.ipVersion === 4 ? 1 : 58;
  const isOther = isFamily !== undefined && protocol !== isFamily;
  if (isOther && (protocol === 1 || protocol === 58)) {
    complain(field, `${nameOf(field)}: \`ipVersion\` ${rule.ipVersion} has no such ICMP`);
  }
  checkEnds(field, direction, rule);
}

/** What the API refuses in the ends of a rule and in its request (CAL-9, CAL-12, CAL-16). */
function checkEnds(field: Field, direction: Direction, rule: CalicoRule): void {
  const { protocol, ipVersion, source, destination, http, action } = rule;
  const ends = [source, destination];
  const families = new Set(
    ends.flatMap((end) =>
      [...(end.nets ?? []), ...(end.notNets ?? [])].map(({ family }) => family),
    ),
  );
  if (families.size > 1) complain(field, `${nameOf(field)} mixes IPv4 and IPv6 ranges`);
  if (ipVersion !== undefined && families.has(ipVersion === 4 ? 6 : 4)) {
    complain(field, `${nameOf(field)} has \`ipVersion\` ${ipVersion} and ranges of the other`);
  }
  if (http !== undefined) {
    if (action !== "Allow") complain(below(field, "http"), "`http` stands only in an Allow rule");
    if (direction === "egress") complain(below(field, "http"), "`http` stands only in ingress");
    if (protocol !== undefined && protocol !== 6) {
      complain(below(field, "http"), "`http` needs `protocol` TCP or none");
    }
  }
  if (destination.services !== undefined && direction === "ingress") {
    complain(field, `${nameOf(field)}: \`services\` stands in the source of an ingress rule only`);
  }
  if (source.services !== undefined && direction === "egress") {
    complain(
      field,
      `${nameOf(field)}: \`services\` stands in the destination of an egress rule only`,
    );
  }
}

function readProtocol(field: Field): number | undefined {
  if (!isSet(field)) return undefined;
  const { value } = field;
  const number =
    typeof value === "string" ? (CALICO_PROTOCOLS[value] ?? Number(value || NaN)) : value;
  if (typeof number === "number" && Number.isInteger(number) && number >= 1 && number <= 255) {
    return number;
  }
  const names = Object.keys(CALICO_PROTOCOLS).join(", ");
  complain(field, `${nameOf(field)} is ${shown(value)}: write one of ${names}, or 1 to 255`);
  return undefined;
}

function readIcmp(field: Field): CalicoIcmp | undefined {
  if (readObject(field) === undefined) return undefined;
  expectKeys(field, ["type", "code"]);
  const type = readNumber(below(field, "type"), 0, 254);
  const code = readNumber(below(field, "code"), 0, 255);
  if (code !== undefined && type === undefined) complain(field, "an ICMP `code` needs a `type`");
  return { type, code };
}

function readHttp(field: Field): CalicoHttp | undefined {
  if (readObject(field) === undefined) return undefined;
  expectKeys(field, ["methods", "paths", "headers"]);
  const methods = readItems(below(field, "methods")).flatMap((item) => readText(item) ?? []);
  const paths = readItems(below(field, "paths")).flatMap((item): CalicoHttp["paths"] => {
    readObject(item);
    expectKeys(item, ["exact", "prefix"]);
    const exact = readText(below(item, "exact"));
    const prefix = readText(below(item, "prefix"));
    if ((exact === undefined) === (prefix === undefined)) {
      complain(item, `${nameOf(item)} needs exactly one of \`exact\` and \`prefix\``);
      return [];
    }
    const text = exact ?? prefix ?? "";
    if (!text.startsWith("/") || /[?#]/u.test(text)) {
      complain(
        item,
        `${nameOf(item)} is ${shown(text)}: a path begins with \`/\` and has no \`?\` or \`#\``,
      );
    }
    return [{ kind: exact === undefined ? "prefix" : "exact", text }];
  });
  return { methods, paths };
}
