import { type AddressRange, parseRange } from "../../base/index.ts";
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
import { readableLabels } from "../label-syntax.ts";
import type { Direction } from "../policy-objects.ts";
import { type Raw, objectAt, shown } from "../raw.ts";
import { readNetworkPolicySpec } from "../read-network-policy.ts";
import type { ReaderContext } from "../reader-context.ts";
import type {
  CalicoHostEndpoint,
  CalicoNetworkSet,
  CalicoObject,
  CalicoPolicy,
  CalicoRule,
  CalicoTier,
  StagedAction,
} from "./objects.ts";
import { readCalicoSelector } from "./read-entity.ts";
import { readCalicoRule } from "./read-rule.ts";

/** Reads an object of Calico; nothing if it is invalid in a way that matters (then the notes have an error). */
export function readCalicoObject(
  raw: Raw,
  kind: string,
  context: ReaderContext,
): CalicoObject | undefined {
  const { name, origin, notes } = context;
  const spec: Field = { value: raw["spec"] ?? undefined, path: ["spec"], notes };
  readObject(spec);
  const namespace = context.namespace === "" ? undefined : context.namespace;
  const base = { namespace, name, origin };
  const labels = readableLabels(objectAt(raw, "metadata")["labels"]);
  switch (kind) {
    case "Tier":
      return { kind, ...base, ...readTier(spec, context.name) };
    case "NetworkSet":
    case "GlobalNetworkSet":
      return { kind, ...base, labels, nets: readSetNets(spec) };
    case "HostEndpoint":
      return { kind, ...base, labels, ...readHostEndpoint(spec) };
    case "Profile":
      return { kind, ...base, ingress: rulesOf(spec, "ingress"), egress: rulesOf(spec, "egress") };
    case "StagedKubernetesNetworkPolicy": {
      const staged = readStaged(spec);
      const { stagedAction: _, ...rest } = (spec.value ?? {}) as Raw;
      const read = readNetworkPolicySpec({ ...spec, value: rest });
      const policy = {
        kind: "NetworkPolicy",
        namespace: context.namespace,
        name,
        ...read,
        origin,
      } as const;
      return { kind, ...base, staged, policy };
    }
    default: {
      const own = kind as CalicoPolicy["kind"];
      return { kind: own, ...base, ...readPolicy(spec, own) };
    }
  }
}

/** The only default action that the API takes for the tiers that every cluster has. */
const FIXED_ACTIONS: Readonly<Record<string, CalicoTier["defaultAction"]>> = {
  "kube-admin": "Pass",
  default: "Deny",
  "kube-baseline": "Pass",
};

function readTier(spec: Field, name: string): Pick<CalicoTier, "order" | "defaultAction"> {
  expectKeys(spec, ["order", "defaultAction"]);
  const action = below(spec, "defaultAction");
  const fixed = Object.hasOwn(FIXED_ACTIONS, name) ? FIXED_ACTIONS[name] : undefined;
  if (fixed !== undefined && isSet(action) && action.value !== fixed) {
    complain(action, `the tier \`${name}\` must have \`defaultAction: ${fixed}\``);
  }
  return {
    order: readOrder(spec),
    defaultAction: readWord(below(spec, "defaultAction"), ["Deny", "Pass"]) ?? "Deny",
  };
}

function readOrder(spec: Field): number | undefined {
  const field = below(spec, "order");
  if (!isSet(field)) return undefined;
  if (typeof field.value === "number") return field.value;
  complain(field, `${nameOf(field)} must be a number, not ${shown(field.value)}`);
  return undefined;
}

const POLICY_KEYS = [
  "tier",
  "order",
  "selector",
  "types",
  "ingress",
  "egress",
  "serviceAccountSelector",
  "performanceHints",
];
const GLOBAL_KEYS = ["namespaceSelector", "doNotTrack", "preDNAT", "applyOnForward"];

type PolicySpec = Omit<CalicoPolicy, "kind" | "namespace" | "name" | "origin">;

function readPolicy(spec: Field, kind: CalicoPolicy["kind"]): PolicySpec {
  const isGlobal = kind.endsWith("GlobalNetworkPolicy");
  const isStaged = kind.startsWith("Staged");
  expectKeys(spec, [
    ...POLICY_KEYS,
    ...(isGlobal ? GLOBAL_KEYS : []),
    ...(isStaged ? ["stagedAction"] : []),
  ]);
  const ingress = rulesOf(spec, "ingress");
  const egress = rulesOf(spec, "egress");
  const listed = readItems(below(spec, "types")).flatMap((item): readonly Direction[] => {
    const word = readWord(item, ["Ingress", "Egress"]);
    return word === undefined ? [] : [word === "Ingress" ? "ingress" : "egress"];
  });
  const flags = {
    doNotTrack: readFlag(below(spec, "doNotTrack")),
    preDNAT: readFlag(below(spec, "preDNAT")),
    applyOnForward: readFlag(below(spec, "applyOnForward")),
  };
  checkFlags(spec, flags, egress);
  return {
    staged: isStaged ? readStaged(spec) : undefined,
    tier: readText(below(spec, "tier")) || "default",
    order: readOrder(spec),
    selector: readCalicoSelector(below(spec, "selector")) ?? { kind: "all" },
    namespaceSelector: isGlobal ? readCalicoSelector(below(spec, "namespaceSelector")) : undefined,
    serviceAccountSelector: readCalicoSelector(below(spec, "serviceAccountSelector")),
    types: listed.length > 0 ? [...new Set(listed)] : defaultTypes(ingress, egress),
    ...flags,
    ingress,
    egress,
  };
}

/** CAL-14: what stands before connection tracking or translation must apply to forwarded traffic as well. */
function checkFlags(
  spec: Field,
  {
    doNotTrack,
    preDNAT,
    applyOnForward,
  }: Pick<PolicySpec, "doNotTrack" | "preDNAT" | "applyOnForward">,
  egress: readonly CalicoRule[],
): void {
  if (doNotTrack && preDNAT) complain(spec, "`doNotTrack` and `preDNAT` exclude each other");
  if ((doNotTrack || preDNAT) && !applyOnForward) {
    const flag = doNotTrack ? "doNotTrack" : "preDNAT";
    complain(spec, `\`${flag}\` needs \`applyOnForward: true\``);
  }
  if (preDNAT && egress.length > 0) complain(spec, "`preDNAT` takes ingress rules only");
}

/** CAL-6: unlike Kubernetes, egress rules alone do not isolate ingress. */
function defaultTypes(
  ingress: readonly CalicoRule[],
  egress: readonly CalicoRule[],
): readonly Direction[] {
  if (egress.length === 0) return ["ingress"];
  return ingress.length === 0 ? ["egress"] : ["ingress", "egress"];
}

function readFlag(field: Field): boolean {
  if (!isSet(field)) return false;
  if (typeof field.value === "boolean") return field.value;
  complain(field, `${nameOf(field)} must be true or false, not ${shown(field.value)}`);
  return false;
}

function readStaged(spec: Field): StagedAction {
  return readWord(below(spec, "stagedAction"), ["Set", "Delete", "Learn", "Ignore"]) ?? "Set";
}

function rulesOf(spec: Field, direction: Direction): readonly CalicoRule[] {
  return readItems(below(spec, direction)).map((rule) => readCalicoRule(rule, direction));
}

function readSetNets(spec: Field): CalicoNetworkSet["nets"] {
  expectKeys(spec, ["nets", "allowedEgressDomains"]);
  return readItems(below(spec, "nets")).flatMap((item) => readRange(item) ?? []);
}

/** A range, or one address. */
function readRange(item: Field): AddressRange | undefined {
  const range = parseRange(readText(item) ?? "");
  if (range === undefined)
    complain(item, `${nameOf(item)} is ${shown(item.value)}: no address range`);
  return range;
}

function readHostEndpoint(
  spec: Field,
): Pick<CalicoHostEndpoint, "node" | "interfaceName" | "expectedIPs" | "profiles" | "ports"> {
  expectKeys(spec, ["node", "interfaceName", "expectedIPs", "profiles", "ports"]);
  const interfaceName = readText(below(spec, "interfaceName"));
  const expectedIPs = readItems(below(spec, "expectedIPs")).flatMap(
    (item) => readRange(item) ?? [],
  );
  if (interfaceName === undefined && expectedIPs.length === 0) {
    complain(spec, "a HostEndpoint needs `interfaceName` or `expectedIPs`");
  }
  const node = readText(below(spec, "node"));
  if (node === undefined || node === "") complain(spec, "a HostEndpoint needs `node`");
  return {
    node,
    interfaceName,
    expectedIPs,
    profiles: readItems(below(spec, "profiles")).flatMap((item) => readText(item) ?? []),
    ports: readItems(below(spec, "ports")).flatMap(readHostPort),
  };
}

function readHostPort(field: Field): CalicoHostEndpoint["ports"] {
  if (readObject(field) === undefined) return [];
  expectKeys(field, ["name", "protocol", "port"]);
  const name = readText(below(field, "name"));
  const protocol = readWord(below(field, "protocol"), ["TCP", "UDP", "SCTP"]);
  const port = readNumber(below(field, "port"), 1, 65_535);
  if (name !== undefined && protocol !== undefined && port !== undefined) {
    return [{ name, protocol, port }];
  }
  complain(field, `${nameOf(field)} needs \`name\`, \`protocol\` and \`port\``);
  return [];
}
