import { findOverrides, formatTraffic, placeOf } from "../../../policy/index.ts";
import type { Control } from "../../control.ts";
import type { Place } from "../../finding.ts";
import { countText, listText } from "../../wording.ts";

/** Isolating policies that a finding names: a rule for the whole cluster overrides hundreds. */
const SHOWN = 3;

/** Rules of the Admin tier that let pass what NetworkPolicies deny. */
export const control: Control = {
  id: "accept-overrides-network-policy",
  family: "policy",
  title: "No admin policy lets pass what a NetworkPolicy denies",
  severity: "medium",
  rationale:
    "An Accept of the Admin tier is final: the NetworkPolicies of the pod are not asked. Whoever wrote a default deny for a namespace may not know that it has a hole.",
  remediation:
    "Use Pass where the NetworkPolicies are to decide, or narrow the rule to what every namespace must let pass.",
  references: ["CNP-4"],
  check: ({ compiled, workloadsIn }) =>
    findOverrides(compiled).map(({ ref, isolating, traffic, classes }) => {
      const names = isolating.map(({ policy }) => `\`${policy.split("/").slice(2).join("/")}\``);
      const workloads = countText(workloadsIn(classes).length, "workload");
      const ports = listText(formatTraffic(traffic));
      const what = ports === "all" ? "all traffic" : ports;
      return {
        subject: ref.policy,
        namespace: undefined,
        key: ref.rule ?? "",
        text: `${ref.rule} lets ${what} of ${workloads} pass, which NetworkPolicies deny: ${listText(names, SHOWN)}`,
        places: [ref, ...isolating.slice(0, SHOWN)].flatMap((each): Place[] => {
          const place = placeOf(compiled, each);
          return place === undefined ? [] : [{ ...each, ...place }];
        }),
        fix: "use `Pass` there, so that NetworkPolicies decide, or narrow its subject, peers and ports",
      };
    }),
};
