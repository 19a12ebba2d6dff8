import type { DialectKind } from "./dialect.ts";
import { isDialectKind } from "./dialect-kinds.ts";
import { nameOf } from "./field.ts";
import type { ReadKind } from "./kinds.ts";
import type { Path } from "./origin.ts";
import { type Notes, type Raw, isRaw, shown } from "./raw.ts";

/** The types of the fields that are read from an object: what else stands there is not looked at. */
type Shape =
  | "text"
  | "number"
  | "boolean"
  /** An object of texts. */
  | "texts"
  | { readonly list: Shape }
  | { readonly fields: readonly (readonly [key: string, shape: Shape])[]; readonly quiet?: true };

/** Says of every field that is read and has the wrong type that the API server refuses it. Null is an absent field, but no item of a list. */
export function checkShape(raw: Raw, kind: ReadKind, notes: Notes): void {
  check(raw, isDialectKind(kind) ? PLAIN : SHAPES[kind], { path: [], notes });
}

interface At {
  /** Grows and shrinks with the walk: no path is made for what is right. */
  readonly path: (string | number)[];
  readonly notes: Notes;
}

function check(value: unknown, shape: Shape, at: At): void {
  if (typeof shape === "string") {
    if (shape === "texts") checkTexts(value, at);
    else if (typeof value !== NAMES[shape]) complain(at, WORDS[shape], value);
    return;
  }
  if ("list" in shape) {
    if (!Array.isArray(value)) {
      complain(at, "a list", value);
      return;
    }
    for (let index = 0; index < value.length; index++) {
      at.path.push(index);
      check(value[index], shape.list, at);
      at.path.pop();
    }
    return;
  }
  if (!isRaw(value)) {
    if (shape.quiet !== true) complain(at, "an object", value);
    return;
  }
  for (const [key, inner] of shape.fields) {
    const found = value[key];
    if (found === undefined || found === null) continue;
    at.path.push(key);
    check(found, inner, at);
    at.path.pop();
  }
}

function checkTexts(value: unknown, at: At): void {
  if (!isRaw(value)) {
    complain(at, "an object", value);
    return;
  }
  for (const key of Object.keys(value)) {
    const one = value[key];
    if (typeof one === "string" || one === null) continue;
    at.path.push(key);
    complain(at, WORDS.text, one);
    at.path.pop();
  }
}

const NAMES = { text: "string", number: "number", boolean: "boolean" } as const;
const WORDS = { text: "text", number: "a number", boolean: "true or false" } as const;

function complain({ path, notes }: At, wanted: string, value: unknown): void {
  const here: Path = [...path];
  const advice = wanted === WORDS.text && isScalar(value) ? ": put it in quotes" : "";
  const name = nameOf({ value, path: here, notes });
  notes.error(here, `${name} must be ${wanted}, not ${shown(value)}${advice}`);
}

function isScalar(value: unknown): boolean {
  return typeof value === "number" || typeof value === "boolean";
}

function fields(given: Readonly<Record<string, Shape>>): Shape & object {
  return { fields: Object.entries(given) };
}

/** For an object of which its reader tells when it is none. */
function quietFields(given: Readonly<Record<string, Shape>>): Shape {
  return { fields: Object.entries(given), quiet: true };
}

const TEXTS = { list: "text" } as const;
const OWNERS = { list: fields({ kind: "text", name: "text", controller: "boolean" }) };
const METADATA = quietFields({ annotations: "texts", ownerReferences: OWNERS });
const CONTAINERS = { list: fields({ restartPolicy: "text", ports: { list: fields({}) } }) };
const POD_SPEC = quietFields({
  containers: CONTAINERS,
  initContainers: CONTAINERS,
  nodeName: "text",
  serviceAccountName: "text",
  serviceAccount: "text",
});
const IPS = { list: fields({ ip: "text" }) };
const POD = fields({
  metadata: METADATA,
  spec: POD_SPEC,
  status: fields({ phase: "text", podIP: "text", hostIP: "text", podIPs: IPS, hostIPs: IPS }),
});
const TEMPLATE = quietFields({ metadata: fields({ annotations: "texts" }), spec: POD_SPEC });
const WORKLOAD = fields({
  metadata: METADATA,
  spec: fields({ replicas: "number", template: TEMPLATE }),
  status: fields({ conditions: { list: fields({ type: "text", status: "text" }) } }),
});
const CRON_JOB = fields({
  metadata: METADATA,
  spec: fields({ jobTemplate: fields({ spec: fields({ template: TEMPLATE }) }) }),
});
const BACKEND = fields({ service: fields({ name: "text" }) });
const RULE = fields({
  host: "text",
  http: fields({ paths: { list: fields({ backend: BACKEND }) } }),
});
const PLAIN = fields({ metadata: METADATA });

const SHAPES: Readonly<Record<Exclude<ReadKind, DialectKind>, Shape>> = {
  Pod: POD,
  Deployment: WORKLOAD,
  StatefulSet: WORKLOAD,
  DaemonSet: WORKLOAD,
  ReplicaSet: WORKLOAD,
  ReplicationController: WORKLOAD,
  Job: WORKLOAD,
  CronJob: CRON_JOB,
  Node: fields({
    metadata: METADATA,
    status: fields({ addresses: { list: fields({ type: "text", address: "text" }) } }),
  }),
  Service: fields({
    metadata: METADATA,
    spec: fields({
      type: "text",
      clusterIP: "text",
      clusterIPs: TEXTS,
      externalIPs: TEXTS,
      externalName: "text",
      ports: { list: fields({ name: "text", nodePort: "number" }) },
    }),
  }),
  EndpointSlice: fields({
    metadata: METADATA,
    endpoints: { list: fields({ addresses: TEXTS }) },
  }),
  Ingress: fields({
    metadata: METADATA,
    spec: fields({ defaultBackend: BACKEND, rules: { list: RULE } }),
  }),
  Namespace: PLAIN,
  ServiceAccount: PLAIN,
  ConfigMap: fields({ metadata: METADATA, data: "texts" }),
  NetworkPolicy: PLAIN,
  AdminNetworkPolicy: PLAIN,
  BaselineAdminNetworkPolicy: PLAIN,
  ClusterNetworkPolicy: PLAIN,
};
