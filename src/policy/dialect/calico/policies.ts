import type { CalicoPolicy, Cluster, Direction } from "../../../model/index.ts";
import type { Policy, Subject } from "../../policy.ts";
import { compileHostEndpoint, nodesOf } from "./hosts.ts";
import { type CalicoContext, createCalicoContext } from "./peers.ts";
import { podsOf } from "./pods.ts";
import { compileCalicoRule } from "./rules.ts";
import { scopeOfPolicy } from "./scope.ts";

/** Where a policy of Calico is asked (CAL-14). */
export type CalicoPoint = "workload" | "host" | "forward" | "untracked" | "pre-dnat";

/** The slot of the policies of a tier at one kind of point. */
export function calicoSlot(point: CalicoPoint, tier: string): string {
  return `projectcalico.org/${point}/${tier}`;
}

/** What the policies and host endpoints of Calico mean (CAL-1 to CAL-16). Staged kinds are pending (CAL-4). */
export function compileCalico(cluster: Cluster): readonly Policy[] {
  if (cluster.calico.length === 0) return [];
  const context = createCalicoContext(cluster);
  return cluster.calico.flatMap((object): readonly Policy[] => {
    switch (object.kind) {
      case "HostEndpoint":
        return compileHostEndpoint(context, object);
      case "NetworkPolicy":
      case "GlobalNetworkPolicy":
      case "StagedNetworkPolicy":
      case "StagedGlobalNetworkPolicy":
        return compilePolicy(context, object);
      default:
        return [];
    }
  });
}

function compilePolicy(context: CalicoContext, object: CalicoPolicy): readonly Policy[] {
  const { kind, namespace, name, staged, tier, origin } = object;
  if (staged === "Ignore") return [];
  const isRemoved = staged === "Delete";
  const place = namespace === undefined ? name : `${namespace}/${name}`;
  const base = {
    id: `projectcalico.org/${kind}/${place}`,
    origin,
    order: object.order ?? Infinity,
    tieName: `${name}/${namespace ?? ""}/${kind}`,
    isolates: {
      ingress: !isRemoved && object.types.includes("ingress") ? "yes" : "no",
      egress: !isRemoved && object.types.includes("egress") ? "yes" : "no",
    },
    state: staged === undefined ? "enforced" : "pending",
    ...(staged === undefined
      ? {}
      : { replaces: `projectcalico.org/${kind.replace("Staged", "")}/${place}` }),
    rules: isRemoved
      ? []
      : [...rulesOf(context, object, "ingress"), ...rulesOf(context, object, "egress")],
  } as const;
  return subjectsOf(context, object).map(([point, subject]): Policy => ({
    ...base,
    subject,
    slot: calicoSlot(point, tier),
  }));
}

/** A type that is not listed has no rules (CAL-6). */
function rulesOf(
  context: CalicoContext,
  object: CalicoPolicy,
  direction: Direction,
): Policy["rules"] {
  if (!object.types.includes(direction)) return [];
  const { namespace } = object;
  return object[direction].flatMap((rule, index) =>
    compileCalicoRule(context, rule, { namespace, direction, index }),
  );
}

/** Pods, and the host endpoints that a global policy selects as well, each at its points (CAL-14). */
function subjectsOf(
  context: CalicoContext,
  object: CalicoPolicy,
): readonly (readonly [CalicoPoint, Subject])[] {
  const { doNotTrack, preDNAT, applyOnForward, namespace, namespaceSelector } = object;
  const scope = scopeOfPolicy(object);
  const pods: readonly [CalicoPoint, Subject] = ["workload", podsOf(scope, context.accounts)];
  const isHosted = doNotTrack || preDNAT;
  const nodes = namespace === undefined ? nodesOf(context, scope) : undefined;
  if (nodes === undefined || namespaceSelector?.kind === "all") return isHosted ? [] : [pods];
  const subject: Subject = { kind: "nodes", nodes };
  if (doNotTrack) return [["untracked", subject]];
  if (preDNAT) return [["pre-dnat", subject]];
  const hosts: readonly (readonly [CalicoPoint, Subject])[] = [["host", subject]];
  return [pods, ...hosts, ...(applyOnForward ? [["forward", subject] as const] : [])];
}
