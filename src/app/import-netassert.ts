import type { GenericSchema } from "valibot";

import type { Intent } from "../analysis/index.ts";
import { type ValibotModule, exactObject, oneOf, parseAddress, shown } from "../base/index.ts";

/** A test of netassert: a probe from a workload, and whether it must get through. */
export interface NetassertTest {
  readonly name: string;
  readonly type: "k8s";
  readonly protocol: "tcp" | "udp";
  readonly targetPort: number;
  /** 0: it gets through. */
  readonly exitCode: number;
  readonly timeoutSeconds?: number;
  readonly attempts?: number;
  readonly src: { readonly k8sResource: NetassertResource };
  readonly dst: {
    readonly k8sResource?: NetassertResource;
    readonly host?: { readonly name: string };
  };
}

/** A workload or pod as netassert names it. */
export interface NetassertResource {
  readonly kind: string;
  readonly name: string;
  readonly namespace: string;
}

/** The schema of a test of netassert. */
export function netassertSchema(v: ValibotModule): GenericSchema<unknown, NetassertTest> {
  const resource = exactObject(v, { kind: v.string(), name: v.string(), namespace: v.string() });
  const number = v.exactOptional(v.number());
  return exactObject(v, {
    name: v.string(),
    type: oneOf(v, ["k8s"]),
    protocol: oneOf(v, ["tcp", "udp"]),
    targetPort: v.pipe(
      v.number(),
      v.integer("a port is a whole number"),
      v.minValue(1, "a port is 1 or more"),
      v.maxValue(65535, "a port is 65535 or less"),
    ),
    exitCode: v.number(),
    timeoutSeconds: number,
    attempts: number,
    src: exactObject(v, { k8sResource: resource }),
    dst: v.pipe(
      exactObject(v, {
        k8sResource: v.exactOptional(resource),
        host: v.exactOptional(exactObject(v, { name: v.string() })),
      }),
      v.check(
        ({ k8sResource, host }) => (k8sResource === undefined) !== (host === undefined),
        "it has exactly one of `k8sResource` and `host`",
      ),
    ),
  });
}

/** Kinds as netassert writes them. */
const KINDS: Readonly<Record<string, string>> = {
  deployment: "Deployment",
  statefulset: "StatefulSet",
  daemonset: "DaemonSet",
  replicaset: "ReplicaSet",
  cronjob: "CronJob",
  job: "Job",
  pod: "Pod",
};

/** The intent that a test of netassert stands for; a sentence where it cannot be expressed. */
export function intentOfNetassert(entry: NetassertTest): Intent | string {
  const { name, protocol, targetPort, exitCode, src, dst } = entry;
  const from = idOf(src.k8sResource);
  const to = dst.host === undefined ? idOf(dst.k8sResource!) : hostOf(dst.host.name);
  for (const { why } of [from, to]) if (why !== undefined) return why;
  const sides = { from: from.id, to: to.id, ports: [`${protocol}/${targetPort}`] };
  return { name, [exitCode === 0 ? "allow" : "deny"]: sides };
}

interface Named {
  readonly id: string;
  readonly why?: string;
}

function idOf({ kind, name, namespace }: NetassertResource): Named {
  const known = KINDS[kind.toLowerCase()];
  const words = Object.keys(KINDS).join(", ");
  return known === undefined
    ? { id: "", why: `the kind ${shown(kind)} is not known: write one of ${words}` }
    : { id: `${namespace}/${known}/${name}` };
}

/** Which addresses a name has is not in the manifests. */
function hostOf(name: string): Named {
  return parseAddress(name) === undefined
    ? {
        id: "",
        why: `the host ${shown(name)} is a name, and its addresses are not known: write an address`,
      }
    : { id: name };
}
