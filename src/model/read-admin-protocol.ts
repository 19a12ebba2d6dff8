import type { AdminDialect } from "./admin-dialect.ts";
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
import type { AdminProtocol, TransportProtocol } from "./policy-objects.ts";
import { shown } from "./raw.ts";

/** Reads `protocols` (v1alpha2) or `ports` (v1alpha1) of a rule; absent is all traffic. */
export function readProtocols(
  field: Field,
  dialect: AdminDialect,
): readonly AdminProtocol[] | undefined {
  if (!isSet(field)) return undefined;
  const items = readItems(field, dialect.most);
  if (items.length === 0) {
    if (Array.isArray(field.value)) {
      complain(field, `${nameOf(field)} needs at least one item: leave it out to mean all`);
    }
    return undefined;
  }
  return items.flatMap((item) => readProtocol(item, dialect) ?? []);
}

const KEYS = {
  v1alpha1: ["portNumber", "portRange", "namedPort"],
  v1alpha2: ["tcp", "udp", "sctp", "destinationNamedPort"],
} as const;

/** One without any field that we know is `unknown`: the rule fails closed (CNP-8). */
function readProtocol(field: Field, { version }: AdminDialect): AdminProtocol | undefined {
  if (!isSet(field)) complain(field, `${nameOf(field)} is null`);
  const raw = readObject(field);
  if (raw === undefined) return undefined;
  const given = KEYS[version].filter((name) => Object.hasOwn(raw, name));
  const set = given.filter((name) => isSet(below(field, name)));
  const [key, second] = set.length > 0 ? set : given; // the API server drops nulls
  if (key === undefined) {
    const text = `${nameOf(field)} has no protocol that is known: the rule fails closed`;
    field.notes.warning(field.path, text);
    return { kind: "unknown" };
  }
  if (second !== undefined) {
    complain(field, `${nameOf(field)} has both \`${key}\` and \`${second}\`: use two list items`);
  }
  expectKeys(field, KEYS[version]);
  const value = below(field, key);
  if (!isSet(value)) {
    complain(value, `${nameOf(value)} is null`);
    return undefined;
  }
  switch (key) {
    case "namedPort":
    case "destinationNamedPort":
      return readNamed(value);
    case "portNumber":
      expectKeys(value, ["protocol", "port"]);
      return readNumbered(below(value, "port"), readOldProtocol(value));
    case "portRange":
      expectKeys(value, ["protocol", "start", "end"]);
      return readRange(value, readOldProtocol(value), version);
    case "tcp":
    case "udp":
    case "sctp":
      return readTransport(value, TRANSPORT[key]);
  }
}

const TRANSPORT = { tcp: "TCP", udp: "UDP", sctp: "SCTP" } as const;

function readNamed(field: Field): AdminProtocol | undefined {
  const name = readText(field);
  if (name === undefined) return undefined;
  // The schema takes any text, but no container can have such a port.
  if (!isPortName(name)) {
    const text = `${nameOf(field)} is no port name: ${shown(name)}, no port can match it`;
    field.notes.warning(field.path, text);
  }
  return { kind: "named", name };
}

function readOldProtocol(field: Field): TransportProtocol {
  readObject(field);
  return readWord(below(field, "protocol"), ["TCP", "UDP", "SCTP"]) ?? "TCP";
}

function readNumbered(field: Field, protocol: TransportProtocol): AdminProtocol | undefined {
  if (!isSet(field)) complain(field, `${nameOf(field)} is missing`);
  const port = readNumber(field, 1, 65_535);
  return port === undefined ? undefined : { kind: "ports", protocol, first: port, last: port };
}

function readRange(
  field: Field,
  protocol: TransportProtocol,
  version: AdminDialect["version"],
): AdminProtocol | undefined {
  if (readObject(field) === undefined) return undefined;
  const [startField, endField] = [below(field, "start"), below(field, "end")];
  if (!isSet(startField) || !isSet(endField)) {
    complain(field, `${nameOf(field)} needs \`start\` and \`end\``);
  }
  const first = readNumber(startField, 1, 65_535);
  const last = readNumber(endField, 1, 65_535);
  if (first === undefined || last === undefined) return undefined;
  const text = `\`start\` ${first} of ${nameOf(field)} must be below \`end\` ${last}`;
  // v1alpha1 documents it, but its schema lets start = end pass (CNP-11).
  if (first === last && version === "v1alpha1") field.notes.warning(field.path, text);
  else if (first >= last) complain(field, text);
  return { kind: "ports", protocol, first, last };
}

function readTransport(field: Field, protocol: TransportProtocol): AdminProtocol | undefined {
  if (readObject(field) === undefined) return undefined;
  expectKeys(field, ["destinationPort"]);
  const ports = below(field, "destinationPort");
  if (!isSet(ports)) {
    complain(field, `${nameOf(field)} needs \`destinationPort\``);
    return undefined;
  }
  if (readObject(ports) === undefined) return undefined;
  expectKeys(ports, ["number", "range"]);
  const number = below(ports, "number");
  const range = below(ports, "range");
  if (isSet(number) === isSet(range)) {
    complain(ports, `${nameOf(ports)} needs exactly one of \`number\` and \`range\``);
    return undefined;
  }
  if (isSet(number)) return readNumbered(number, protocol);
  expectKeys(range, ["start", "end"]);
  return readRange(range, protocol, "v1alpha2");
}
