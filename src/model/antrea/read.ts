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
import { type Raw, shown } from "../raw.ts";
import type { ReaderContext } from "../reader-context.ts";
import type {
  AntreaAppliedTo,
  AntreaGroupMembers,
  AntreaObject,
  AntreaPolicy,
  AntreaRule,
  AntreaTraffic,
} from "./objects.ts";
import {
  readAntreaL7,
  readAntreaPeer,
  readAntreaPort,
  readAntreaProtocol,
  readAppliedTo,
  readBlock,
  selectorAt,
} from "./read-peer.ts";

/** Reads an object of Antrea; nothing if it is invalid in a way that matters (then the notes have an error). */
export function readAntreaObject(
  raw: Raw,
  kind: string,
  context: ReaderContext,
): AntreaObject | undefined {
  const { name, origin, notes } = context;
  const spec: Field = { value: raw["spec"] ?? undefined, path: ["spec"], notes };
  readObject(spec);
  const namespace = context.namespace === "" ? undefined : context.namespace;
  switch (kind) {
    case "Tier": {
      expectKeys(spec, ["priority", "description"]);
      const field = below(spec, "priority");
      if (!isSet(field)) complain(spec, "`priority` is missing: a whole number from 0 to 255");
      const priority = readNumber(field, 0, 255) ?? 0;
      return { kind, namespace: undefined, name, priority, origin };
    }
    case "ClusterGroup":
    case "Group":
      return { kind, namespace, name, members: readMembers(spec, namespace), origin };
    default: {
      const own = kind as AntreaPolicy["kind"];
      return { kind: own, namespace, name, ...readPolicy(spec, own), origin };
    }
  }
}

type PolicySpec = Pick<AntreaPolicy, "tier" | "priority" | "appliedTo" | "ingress" | "egress">;

function readPolicy(spec: Field, kind: AntreaPolicy["kind"]): PolicySpec {
  expectKeys(spec, ["tier", "priority", "appliedTo", "ingress", "egress"]);
  const isCluster = kind === "ClusterNetworkPolicy";
  const applied = below(spec, "appliedTo");
  const appliedTo = isSet(applied) ? readApplied(applied, isCluster) : undefined;
  const tier = readText(below(spec, "tier")) || "application";
  const of = { tier, isCluster };
  const ingress = readItems(below(spec, "ingress")).map((rule) => readRule(rule, "from", of));
  const egress = readItems(below(spec, "egress")).map((rule) => readRule(rule, "to", of));
  const rules = [...ingress, ...egress];
  const own = rules.filter((rule) => rule.appliedTo !== undefined).length;
  if (appliedTo !== undefined && own > 0) {
    complain(spec, "`appliedTo` stands at the policy or at its rules, not at both");
  }
  if (appliedTo === undefined && own < rules.length) {
    complain(spec, "`appliedTo` is missing: at the policy, or at each of its rules");
  }
  return {
    tier,
    priority: readPriority(spec),
    appliedTo: own > 0 ? undefined : (appliedTo ?? []),
    ingress,
    egress,
  };
}

function readApplied(field: Field, isCluster: boolean): readonly AntreaAppliedTo[] {
  return readItems(field).flatMap((item) => readAppliedTo(item, isCluster) ?? []);
}

/** 1 to 10000, with fractions (ANT-2). */
function readPriority(spec: Field): number {
  const field = below(spec, "priority");
  const { value } = field;
  if (typeof value === "number" && value >= 1 && value <= 10_000) return value;
  const what = isSet(field) ? `is ${shown(value)}` : "is missing";
  complain(isSet(field) ? field : spec, `\`priority\` ${what}: a number from 1 to 10000`);
  return 1;
}

interface RuleOf {
  readonly tier: string;
  readonly isCluster: boolean;
}

function readRule(field: Field, side: "from" | "to", { tier, isCluster }: RuleOf): AntreaRule {
  readObject(field);
  expectKeys(field, [
    "name",
    "action",
    side,
    "ports",
    "protocols",
    "l7Protocols",
    "appliedTo",
    "enableLogging",
    "logLabel",
    ...(side === "to" ? ["toServices"] : []),
  ]);
  const actionField = below(field, "action");
  if (!isSet(actionField)) complain(field, `${nameOf(field)} has no \`action\``);
  const action = readWord(actionField, ["Allow", "Drop", "Reject", "Pass"]) ?? "Drop";
  if (action === "Pass" && tier.toLowerCase() === "baseline") {
    complain(actionField, "`Pass` does not stand in tier `baseline`");
  }
  const applied = below(field, "appliedTo");
  const l7 = readItems(below(field, "l7Protocols")).map(readAntreaL7);
  if (l7.length > 0 && action !== "Allow") {
    complain(field, `${nameOf(field)}: \`l7Protocols\` stands only beside action \`Allow\``);
  }
  const toServices = readItems(below(field, "toServices")).map((item) => ({
    name: readText(below(item, "name")) ?? "",
    namespace: readText(below(item, "namespace")) ?? "",
  }));
  const beside = [side, "ports", "protocols"].find((key) => isSet(below(field, key)));
  if (toServices.length > 0 && beside !== undefined) {
    complain(field, `${nameOf(field)}: \`toServices\` cannot stand beside \`${beside}\``);
  }
  return {
    name: readText(below(field, "name")),
    action,
    appliedTo: isSet(applied) ? readApplied(applied, isCluster) : undefined,
    peers: readItems(below(field, side)).flatMap((item) => readAntreaPeer(item) ?? []),
    toServices,
    traffic: readTraffic(field),
    l7: l7.length === 0 ? undefined : l7,
  };
}

/** Entries of both lists are alternatives (ANT-22). */
function readTraffic(field: Field): readonly AntreaTraffic[] | undefined {
  const ports = readItems(below(field, "ports"));
  const protocols = readItems(below(field, "protocols"));
  if (ports.length + protocols.length === 0) return undefined;
  return [
    ...ports.flatMap((item) => readAntreaPort(item) ?? []),
    ...protocols.flatMap((item) => readAntreaProtocol(item) ?? []),
  ];
}

/** Exactly one way to say what a group is (ANT-11). */
function readMembers(spec: Field, namespace: string | undefined): AntreaGroupMembers {
  expectKeys(spec, [
    "podSelector",
    "namespaceSelector",
    "nodeSelector",
    "externalEntitySelector",
    "serviceReference",
    "ipBlock",
    "ipBlocks",
    "childGroups",
  ]);
  const children = readItems(below(spec, "childGroups"));
  if (children.length > 0) {
    return { kind: "groups", names: children.flatMap((item) => readText(item) ?? []) };
  }
  const blocks = readItems(below(spec, "ipBlocks"));
  const single = below(spec, "ipBlock");
  if (blocks.length > 0 || isSet(single)) {
    const all = [...blocks, ...(isSet(single) ? [single] : [])];
    return { kind: "ipBlocks", blocks: all.map(readBlock) };
  }
  const service = below(spec, "serviceReference");
  if (isSet(service)) {
    return {
      kind: "service",
      name: readText(below(service, "name")) ?? "",
      namespace: readText(below(service, "namespace")) ?? namespace ?? "",
    };
  }
  const nodes = selectorAt(spec, "nodeSelector");
  if (nodes !== undefined) return { kind: "nodes", selector: nodes };
  if (isSet(below(spec, "externalEntitySelector"))) return { kind: "external" };
  return {
    kind: "pods",
    podSelector: selectorAt(spec, "podSelector"),
    namespaceSelector: selectorAt(spec, "namespaceSelector"),
  };
}
