import { type DuplicateObject, type Edit, objectSubject } from "../../../model/index.ts";
import type { Control } from "../../control.ts";
import type { Found, Severity } from "../../finding.ts";

/** Policy APIs whose objects are read whole, so that two which say the same are the same. */
const POLICY_GROUPS: ReadonlySet<string> = new Set([
  "networking.k8s.io",
  "policy.networking.k8s.io",
]);

/** Objects that manifests declare more than once. */
export const control: Control = {
  id: "duplicate-object",
  family: "policy",
  title: "No object is declared twice",
  severity: "medium",
  rationale:
    "Of two objects with one name only one is in the cluster, and which one depends on the order in which they are applied. A policy that was replaced by another protects nothing.",
  remediation: "Keep one of them, or give the other a name of its own.",
  references: ["https://kubernetes.io/docs/concepts/overview/working-with-objects/names/"],
  check: ({ cluster }) =>
    [...Map.groupBy(cluster.duplicates, objectSubject)].flatMap(([subject, list]) =>
      list.map((one, index) => describe(subject, one, index)),
    ),
};

function describe(subject: string, one: DuplicateObject, index: number): Found {
  const { kind, namespace, firstOrigin, origin, content } = one;
  const isPolicy = kind.endsWith("NetworkPolicy") && POLICY_GROUPS.has(one.group);
  const edit: Edit = { kind: "remove-object", origin };
  const says = {
    same: "and says the same",
    merged: "and the labels of both count",
    different: "and says something else: only the first is looked at here",
  };
  return {
    subject,
    namespace: namespace === "" ? undefined : namespace,
    ...(index === 0 ? {} : { key: `${index + 2}` }),
    text: `${kind} \`${one.name}\` is declared again, ${says[content]}`,
    places: [
      { origin, path: [] },
      { origin: firstOrigin, path: [] },
    ],
    fix: FIXES[content],
    ...(content === "same" && isPolicy ? { edits: [edit], changes: "none" as const } : {}),
    severity: severityOf(content, isPolicy),
  };
}

const FIXES = {
  same: "remove one of them",
  merged: "write all of its labels in one place, and remove the other",
  different: "keep one of them, or rename one",
} as const;

function severityOf(content: DuplicateObject["content"], isPolicy: boolean): Severity {
  if (content === "different") return isPolicy ? "high" : "medium";
  return content === "same" ? "low" : "info";
}
