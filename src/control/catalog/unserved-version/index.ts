import type { Edit } from "../../../model/index.ts";
import type { Control } from "../../control.ts";
import type { Found } from "../../finding.ts";

const POLICIES: ReadonlySet<string> = new Set([
  "NetworkPolicy",
  "AdminNetworkPolicy",
  "BaselineAdminNetworkPolicy",
  "ClusterNetworkPolicy",
]);

/** Old versions whose fields are those of the version that is served. */
const SAME_FIELDS: ReadonlySet<string> = new Set([
  "extensions/v1beta1/NetworkPolicy",
  "batch/v1beta1/CronJob",
]);

/** Objects of a version that no API server takes any more, or that none has ever taken. */
export const control: Control = {
  id: "unserved-version",
  family: "policy",
  title: "Every object is of a version that the API server serves",
  severity: "low",
  rationale:
    "The API server refuses an object of a version that it does not serve. A policy that stands only in a file isolates nothing.",
  remediation: "Write the version that is served, and adapt the fields that have changed.",
  references: ["NP-13", "https://kubernetes.io/docs/reference/using-api/deprecation-guide/"],
  check: ({ cluster }) =>
    cluster.unserved.map(({ apiVersion, kind, namespace, name, current, origin }): Found => {
      const isPolicy = POLICIES.has(kind);
      const group = apiVersion.split("/")[0]!;
      const inside = namespace === "" ? name : `${namespace}/${name}`;
      const does = isPolicy ? "this policy does nothing" : "this object is not made";
      const path = ["apiVersion"];
      const edit: Edit = { kind: "set", origin, path, value: current };
      const isSame = SAME_FIELDS.has(`${apiVersion}/${kind}`);
      return {
        subject: isPolicy ? `${group}/${kind}/${inside}` : `${namespace}/${kind}/${name}`,
        namespace: namespace === "" ? undefined : namespace,
        text: `the API server does not serve \`${kind}\` of \`${apiVersion}\`: ${does}`,
        places: [{ origin, path }],
        fix: isSame
          ? `write \`apiVersion: ${current}\``
          : `write \`apiVersion: ${current}\`, and look for fields that have changed`,
        ...(isSame ? { edits: [edit], changes: "either" as const } : {}),
        ...(isPolicy ? { severity: "high" } : {}),
      };
    }),
};
