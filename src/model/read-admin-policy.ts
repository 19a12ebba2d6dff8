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
import type { AdminDialect } from "./admin-dialect.ts";
import { readPeer, readPodsPeer } from "./read-admin-peer.ts";
import { readProtocols } from "./read-admin-protocol.ts";
import type { AdminPolicy, AdminRule } from "./policy-objects.ts";
import { MATCH_ALL } from "./selector.ts";

/** What the spec of an admin policy says. The caller drops it if an error was noted. */
export function readAdminPolicySpec(
  spec: Field,
  dialect: AdminDialect,
): Pick<AdminPolicy, "tier" | "priority" | "subject" | "ingress" | "egress"> {
  if (!isSet(spec)) complain(spec, `\`spec\` is missing`);
  readObject(spec);
  const { kind } = dialect;
  const own = { ClusterNetworkPolicy: ["tier", "priority"], AdminNetworkPolicy: ["priority"] };
  const keys = kind === "BaselineAdminNetworkPolicy" ? [] : own[kind];
  expectKeys(spec, [...keys, "subject", "ingress", "egress"]);
  const { most } = dialect;
  const ingress = readItems(below(spec, "ingress"), most);
  const egress = readItems(below(spec, "egress"), most);
  return {
    tier: readTier(spec, kind),
    priority: kind === "BaselineAdminNetworkPolicy" ? 0 : readPriority(spec),
    subject: readSubject(below(spec, "subject"), dialect),
    ingress: ingress.flatMap((rule) => readRule(rule, "from", dialect) ?? []),
    egress: egress.flatMap((rule) => readRule(rule, "to", dialect) ?? []),
  };
}

function readTier(spec: Field, kind: AdminPolicy["kind"]): "Admin" | "Baseline" {
  if (kind === "AdminNetworkPolicy") return "Admin";
  if (kind === "BaselineAdminNetworkPolicy") return "Baseline";
  const field = below(spec, "tier");
  if (!isSet(field)) complain(spec, "`tier` is missing: `Admin` or `Baseline`");
  return readWord(field, ["Admin", "Baseline"]) ?? "Admin";
}

function readPriority(spec: Field): number {
  const field = below(spec, "priority");
  if (!isSet(field)) complain(spec, "`priority` is missing: a whole number from 0 to 1000");
  return readNumber(field, 0, 1000) ?? 0;
}

function readSubject(field: Field, dialect: AdminDialect): AdminPolicy["subject"] {
  readObject(field);
  expectKeys(field, ["namespaces", "pods"]);
  const namespaces = isSet(below(field, "namespaces"));
  const pods = isSet(below(field, "pods"));
  if (namespaces === pods) {
    complain(field, `\`subject\` needs exactly one of \`namespaces\` and \`pods\``);
    const all = { namespaceSelector: MATCH_ALL, podSelector: MATCH_ALL };
    return { kind: "pods", written: "pods", ...all };
  }
  return readPodsPeer(field, dialect);
}

function readRule(field: Field, side: "from" | "to", dialect: AdminDialect): AdminRule | undefined {
  if (!isSet(field)) complain(field, `${nameOf(field)} is empty`);
  if (readObject(field) === undefined) return undefined;
  const portsKey = dialect.version === "v1alpha1" ? "ports" : "protocols";
  expectKeys(field, ["name", "action", side, portsKey]);
  const name = readText(below(field, "name"));
  if (name !== undefined && Array.from(name).length > 100) {
    complain(below(field, "name"), "the name of a rule has at most 100 characters");
  }
  const actionField = below(field, "action");
  if (!isSet(actionField)) complain(field, `${nameOf(field)} has no \`action\``);
  const word = readWord(actionField, dialect.actions);
  const action = word === "Accept" ? "Allow" : (word ?? "Deny");
  const peersField = below(field, side);
  const peerFields = readItems(peersField, dialect.most);
  if (peerFields.length === 0 && (!isSet(peersField) || Array.isArray(peersField.value))) {
    complain(field, `${nameOf(field)} needs at least one peer in \`${side}\``);
  }
  const peers = peerFields.flatMap((peer) => readPeer(peer, side, { dialect, action }) ?? []);
  const protocols = readProtocols(below(field, portsKey), dialect);
  const addresses = peers.some((peer) => peer.kind !== "pods" && peer.kind !== "unknown");
  if (addresses && protocols?.some((protocol) => protocol.kind === "named") === true) {
    const text = "a named port cannot stand beside `networks`, `nodes` or `domainNames`";
    complain(below(field, portsKey), `${text} (${nameOf(field)})`);
  }
  return { name, action, peers, protocols };
}
