import { ADMIN_DIALECTS } from "./admin-dialect.ts";
import type { AntreaObject } from "./antrea/objects.ts";
import { readAntreaObject } from "./antrea/read.ts";
import type { CalicoObject } from "./calico/objects.ts";
import { readCalicoObject } from "./calico/read.ts";
import type { CiliumObject } from "./cilium/objects.ts";
import { readCiliumObject } from "./cilium/read.ts";
import type { DialectKind } from "./dialect.ts";
import { isDialectKind, splitDialectKind } from "./dialect-kinds.ts";
import type {
  ConfigMap,
  EndpointSlice,
  Ingress,
  Namespace,
  Node,
  Service,
  ServiceAccount,
} from "./cluster.ts";
import { type Field, complain, didYouMean } from "./field.ts";
import { type ReadKind, type WorkloadKind, isWorkloadKind } from "./kinds.ts";
import { agentOfPod, agentOfTemplate } from "./node-agent.ts";
import { ownerOf } from "./owner.ts";
import type { AdminPolicy, NetworkPolicy } from "./policy-objects.ts";
import { type Raw, objectAt, objectsAt, shown } from "./raw.ts";
import { readAdminPolicySpec } from "./read-admin-policy.ts";
import { readNetworkPolicySpec } from "./read-network-policy.ts";
import {
  readConfigMap,
  readEndpointSlice,
  readIngress,
  readNamespace,
  readNode,
  readService,
  readServiceAccount,
} from "./read-objects.ts";
import { readPod, readTemplate } from "./read-pod.ts";
import type { ReaderContext } from "./reader-context.ts";
import type { DeclaredWorkload, OwnedPod } from "./workloads.ts";

/** An object in its type. */
export type Parsed =
  | { readonly as: "Pod"; readonly value: OwnedPod }
  | { readonly as: "workload"; readonly value: DeclaredWorkload }
  | { readonly as: "Namespace"; readonly value: Namespace }
  | { readonly as: "Node"; readonly value: Node }
  | { readonly as: "Service"; readonly value: Service }
  | { readonly as: "EndpointSlice"; readonly value: EndpointSlice }
  | { readonly as: "Ingress"; readonly value: Ingress }
  | { readonly as: "ConfigMap"; readonly value: ConfigMap }
  | { readonly as: "ServiceAccount"; readonly value: ServiceAccount }
  | { readonly as: "NetworkPolicy"; readonly value: NetworkPolicy }
  | { readonly as: "AdminPolicy"; readonly value: AdminPolicy }
  | { readonly as: "calico"; readonly value: CalicoObject }
  | { readonly as: "cilium"; readonly value: CiliumObject }
  | { readonly as: "antrea"; readonly value: AntreaObject };

/** Reads an object into its type; nothing if it is invalid in a way that matters (then the notes have an error). */
export function parseObject(raw: Raw, kind: ReadKind, context: ReaderContext): Parsed | undefined {
  if (isWorkloadKind(kind)) return { as: "workload", value: parseWorkload(raw, kind, context) };
  if (isDialectKind(kind)) return parseDialectObject(raw, kind, context);
  switch (kind) {
    case "Pod":
      return parsePod(raw, context);
    case "Namespace":
      return { as: kind, value: readNamespace(raw, context) };
    case "Node":
      return { as: kind, value: readNode(raw, context) };
    case "Service":
      return { as: kind, value: readService(raw, context) };
    case "EndpointSlice":
      return { as: kind, value: readEndpointSlice(raw, context) };
    case "Ingress":
      return { as: kind, value: readIngress(raw, context) };
    case "ConfigMap":
      return { as: kind, value: readConfigMap(raw, context) };
    case "ServiceAccount":
      return { as: kind, value: readServiceAccount(raw, context) };
    case "NetworkPolicy":
      return parseNetworkPolicy(raw, context);
    case "AdminNetworkPolicy":
    case "BaselineAdminNetworkPolicy":
    case "ClusterNetworkPolicy":
      return parseAdminPolicy(raw, kind, context);
  }
}

function parsePod(raw: Raw, context: ReaderContext): Parsed | undefined {
  const { namespace, name } = context;
  const read = readPod(raw, name, context);
  if (read === undefined) return undefined;
  const owner = ownerOf(objectAt(raw, "metadata"));
  const agent = agentOfPod(raw, owner, context);
  return { as: "Pod", value: { ...read, namespace, name, owner, agent } };
}

function parseDialectObject(
  raw: Raw,
  own: DialectKind,
  context: ReaderContext,
): Parsed | undefined {
  const [as, kind] = splitDialectKind(own);
  const value = DIALECT_READERS[as](raw, kind, context);
  return value === undefined || context.notes.failed ? undefined : ({ as, value } as Parsed);
}

const DIALECT_READERS = {
  calico: readCalicoObject,
  cilium: readCiliumObject,
  antrea: readAntreaObject,
} as const;

function parseWorkload(raw: Raw, kind: WorkloadKind, context: ReaderContext): DeclaredWorkload {
  const { namespace, name, origin } = context;
  const spec = objectAt(raw, "spec");
  const job = kind === "CronJob" ? objectAt(objectAt(spec, "jobTemplate"), "spec") : spec;
  const path =
    kind === "CronJob" ? ["spec", "jobTemplate", "spec", "template"] : ["spec", "template"];
  const template = readTemplate(job["template"], path, context);
  const replicas = typeof spec["replicas"] === "number" ? spec["replicas"] : undefined;
  const ended = kind === "Job" && hasEnded(raw);
  const owner = ownerOf(objectAt(raw, "metadata"));
  const agent = kind === "DaemonSet" ? agentOfTemplate(raw, origin) : undefined;
  return { kind, namespace, name, owner, template, replicas, ended, agent, origin };
}

/** Whether a Job's status says that it is complete or has failed: no pod of it will run again. */
function hasEnded(raw: Raw): boolean {
  return objectsAt(objectAt(raw, "status"), "conditions").some(
    (one) => (one["type"] === "Complete" || one["type"] === "Failed") && one["status"] === "True",
  );
}

const TOP_LEVEL = ["apiVersion", "kind", "metadata", "spec", "status"];

function specOf(raw: Raw, { notes }: ReaderContext): Field {
  for (const key of Object.keys(raw)) {
    if (!TOP_LEVEL.includes(key)) {
      const text = `unknown field ${shown(key)}: the API server drops it`;
      notes.warning([key], `${text}${didYouMean(key, TOP_LEVEL)}`);
    }
  }
  return { value: raw["spec"] ?? undefined, path: ["spec"], notes };
}

function parseNetworkPolicy(raw: Raw, context: ReaderContext): Parsed | undefined {
  const { namespace, name, origin, notes } = context;
  const spec = readNetworkPolicySpec(specOf(raw, context));
  if (notes.failed) return undefined;
  return {
    as: "NetworkPolicy",
    value: { kind: "NetworkPolicy", namespace, name, ...spec, origin },
  };
}

function parseAdminPolicy(
  raw: Raw,
  kind: AdminPolicy["kind"],
  context: ReaderContext,
): Parsed | undefined {
  const { name, origin, notes } = context;
  const field = specOf(raw, context);
  const spec = readAdminPolicySpec(field, ADMIN_DIALECTS[kind]);
  if (kind === "BaselineAdminNetworkPolicy" && name !== "default") {
    const text = "a BaselineAdminNetworkPolicy must be named `default`: there can be only one";
    complain({ ...field, path: ["metadata", "name"] }, text);
  }
  if (notes.failed) return undefined;
  return { as: "AdminPolicy", value: { kind, name, ...spec, origin } };
}
