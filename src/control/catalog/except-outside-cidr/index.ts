import type { Control } from "../../control.ts";
import { namespaceOfPolicy } from "../../finding.ts";

/** Policies that the API server refuses, because an exception does not lie in the range that it is taken from. */
export const control: Control = {
  id: "except-outside-cidr",
  family: "policy",
  title: "Every exception lies inside its range",
  severity: "high",
  rationale:
    "The API server refuses a NetworkPolicy with an `except` that does not lie strictly inside of its `cidr`. The policy of the file never takes effect, and an older one of its name stays.",
  remediation: "Correct the range or the exception, or remove the exception.",
  references: ["NP-6"],
  check: ({ cluster }) => {
    const faults = cluster.faults.filter(({ code }) => code === "except-outside-cidr");
    return faults.map(({ subject, origin, path, text }) => ({
      subject,
      namespace: namespaceOfPolicy(subject),
      key: path.slice(1).join("."),
      text: `the API server refuses it: ${text}`,
      places: [{ policy: subject, origin, path }],
      fix: "correct the range or the exception, or remove the exception",
    }));
  },
};
