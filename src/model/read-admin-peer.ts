import type { AdminDialect } from "./admin-dialect.ts";
import {
  type Field,
  below,
  complain,
  expectKeys,
  isSet,
  nameOf,
  readItems,
  readObject,
  readText,
} from "./field.ts";
import type { AdminPeer, AdminRule, PodsPeer } from "./policy-objects.ts";
import { isRaw, shown } from "./raw.ts";
import { readCidr } from "./read-network-policy.ts";
import { readSelector } from "./read-selector.ts";
import { MATCH_ALL } from "./selector.ts";

/** The most CIDRs or names in one peer, in both versions. */
const MOST_NETWORKS = 25;

/** The pattern of the CRD, as it stands there. */
const DOMAIN_NAME =
  /^(\*\.)?([a-zA-z0-9]([-a-zA-Z0-9_]*[a-zA-Z0-9])?\.)+[a-zA-z0-9]([-a-zA-Z0-9_]*[a-zA-Z0-9])?\.?$/u;

/** Reads one peer of a rule. One without any field that we know is `unknown`: the rule fails closed (CNP-8). */
export function readPeer(
  field: Field,
  side: "from" | "to",
  rule: { dialect: AdminDialect; action: AdminRule["action"] },
): AdminPeer | undefined {
  if (!isSet(field)) complain(field, `${nameOf(field)} is null`);
  const raw = readObject(field);
  if (raw === undefined) return undefined;
  const given = ALL_PEERS.filter((key) => Object.hasOwn(raw, key));
  // The API server drops nulls; a peer of nothing else is empty.
  const set = given.filter((key) => isSet(below(field, key)));
  const present = set.length > 0 ? set : given;
  const known = peersOf(side, rule.dialect);
  const foreign = present.find((key) => !known.includes(key));
  if (foreign !== undefined) {
    const where = side === "from" ? "an ingress rule" : `a ${rule.dialect.kind}`;
    complain(below(field, foreign), `\`${foreign}\` is no peer of ${where} (${nameOf(field)})`);
    return undefined;
  }
  const [key, second] = present;
  if (key === undefined) {
    const fails = rule.action === "Allow" ? "allows nothing" : "denies everything";
    const text = `${nameOf(field)} has no peer that is known: the rule fails closed and ${fails}`;
    field.notes.warning(field.path, text);
    return { kind: "unknown" };
  }
  if (second !== undefined) {
    complain(field, `${nameOf(field)} has both \`${key}\` and \`${second}\`: use two list items`);
  }
  if (!isSet(below(field, key))) {
    complain(below(field, key), `${nameOf(below(field, key))} is null: write \`{}\` for all`);
    return undefined;
  }
  expectKeys(field, ALL_PEERS);
  return readKnownPeer(field, key, rule);
}

type PeerKey = "namespaces" | "pods" | "nodes" | "networks" | "domainNames";

const ALL_PEERS: readonly PeerKey[] = ["namespaces", "pods", "nodes", "networks", "domainNames"];

function peersOf(side: "from" | "to", { kind }: AdminDialect): readonly PeerKey[] {
  if (side === "from") return ["namespaces", "pods"];
  if (kind !== "BaselineAdminNetworkPolicy") return ALL_PEERS;
  return ["namespaces", "pods", "nodes", "networks"];
}

function readKnownPeer(
  field: Field,
  key: PeerKey,
  { dialect, action }: { dialect: AdminDialect; action: AdminRule["action"] },
): AdminPeer {
  const value = below(field, key);
  switch (key) {
    case "namespaces":
    case "pods":
      if (hasRemovedForm(value)) return { kind: "unknown" };
      return readPodsPeer(field, dialect);
    case "nodes":
      return { kind: "nodes", selector: readSelector(value, "dropped") };
    case "networks":
      return { kind: "networks", cidrs: atLeastOne(value).flatMap((item) => readCidr(item) ?? []) };
    case "domainNames":
      if (action !== "Allow") {
        complain(value, "`domainNames` can stand only in a rule that allows");
      }
      return { kind: "domainNames", names: atLeastOne(value).flatMap(readDomainName) };
  }
}

/** The items of a set: at least one, none twice. */
function atLeastOne(field: Field): readonly Field[] {
  const items = readItems(field, MOST_NETWORKS);
  if (Array.isArray(field.value) && items.length === 0) {
    complain(field, `${nameOf(field)} needs at least one item`);
  }
  const seen = new Set<unknown>();
  for (const item of items) {
    if (seen.has(item.value)) {
      complain(item, `${nameOf(item)} is there twice: ${shown(item.value)}, remove one`);
    }
    seen.add(item.value);
  }
  return items;
}

function readDomainName(field: Field): readonly string[] {
  const text = readText(field);
  if (text === undefined || !DOMAIN_NAME.test(text)) {
    complain(field, `${shown(field.value)} is no domain name or \`*.\` pattern of one`);
    return [];
  }
  return [text];
}

/** CNP-12: these were removed. The API server would drop them and leave all namespaces, so the peer counts as unknown: nothing is opened by it. */
function hasRemovedForm(field: Field): boolean {
  const inner = below(field, "namespaces");
  for (const holder of [field, below(field, "namespaceSelector"), inner]) {
    for (const key of ["sameLabels", "notSameLabels"]) {
      if (!isRaw(holder.value) || !Object.hasOwn(holder.value, key)) continue;
      const text = `\`${key}\` was removed from the API: the rule fails closed`;
      field.notes.warning([...holder.path, key], `${text} (${nameOf(field)})`);
      return true;
    }
  }
  return false;
}

/** Reads `namespaces` or `pods` of a peer or subject; `namespaceSelector` may be left out since v1alpha2 (CNP-9). */
export function readPodsPeer(field: Field, { version }: AdminDialect): PodsPeer {
  const namespaces = below(field, "namespaces");
  if (isSet(namespaces)) {
    const namespaceSelector = readSelector(namespaces, "dropped");
    return { kind: "pods", written: "namespaces", namespaceSelector, podSelector: MATCH_ALL };
  }
  const pods = below(field, "pods");
  readObject(pods);
  expectKeys(pods, ["namespaceSelector", "podSelector"]);
  const needed = version === "v1alpha1" ? ["namespaceSelector", "podSelector"] : ["podSelector"];
  for (const key of needed) {
    if (isSet(below(pods, key))) continue;
    // The types decode what is absent as `{}`, and published policies rely on it.
    const text = `${nameOf(pods)} has no \`${key}\`, which the API wants: it is read as \`{}\`, all`;
    pods.notes.warning(pods.path, text);
  }
  return {
    kind: "pods",
    written: "pods",
    namespaceSelector: readSelector(below(pods, "namespaceSelector"), "dropped"),
    podSelector: readSelector(below(pods, "podSelector"), "dropped"),
  };
}
