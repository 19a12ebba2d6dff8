import type { Control } from "../../control.ts";

/** The annotation that isolated a namespace before NetworkPolicy became v1 (NP-13). */
const ANNOTATION = "net.beta.kubernetes.io/network-policy";

/** Namespaces with the annotation that nothing reads any more. */
export const control: Control = {
  id: "dead-annotation",
  family: "policy",
  title: "No namespace relies on an annotation that isolates nothing",
  severity: "high",
  rationale:
    "The annotation `net.beta.kubernetes.io/network-policy` denied ingress in 2016. Nothing has read it since NetworkPolicy became v1, so the namespace is open.",
  remediation: "Write a NetworkPolicy that denies by default, and remove the annotation.",
  references: ["NP-13"],
  check: ({ cluster }) =>
    [...cluster.namespaces.values()].flatMap(({ name, declarations }) => {
      const places = declarations
        .filter(({ annotations }) => ANNOTATION in annotations)
        .map(({ origin }) => ({ origin, path: ["metadata", "annotations", ANNOTATION] }));
      if (places.length === 0) return [];
      return [
        {
          subject: `Namespace/${name}`,
          namespace: name,
          text: `\`${ANNOTATION}\` isolates nothing today`,
          places,
          fix: `write a NetworkPolicy in \`${name}\` that denies by default, and remove the annotation`,
          edits: places.map((place) => ({ kind: "remove", ...place })),
          changes: "none",
        },
      ];
    }),
};
