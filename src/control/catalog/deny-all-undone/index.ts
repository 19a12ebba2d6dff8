import { isSubset } from "../../../base/index.ts";
import { ALL_TRAFFIC } from "../../../policy/index.ts";
import type { Control } from "../../control.ts";
import { namespaceOfPolicy } from "../../finding.ts";
import { namesText, refsText } from "../../words.ts";

/** Policies that close a whole namespace in a direction which another policy opens to everybody. */
export const control: Control = {
  id: "deny-all-undone",
  family: "policy",
  title: "What denies everything in a namespace is not undone",
  severity: "high",
  rationale:
    "NetworkPolicies add up, and none of them can deny. One that allows everything makes the default deny beside it worthless, whichever was written first.",
  remediation: "Name the peers and ports that are needed in the policy that allows everything.",
  references: ["NP-3", "NP-12"],
  check: ({ compiled, sources, workloadsOf }) => {
    const { policies, subjects, selecting, realClasses } = compiled;
    const open = sources().filter(
      ({ compiled: { rule } }) =>
        rule.action === "Allow" &&
        rule.peers.some(({ kind }) => kind === "any") &&
        isSubset(ALL_TRAFFIC, rule.traffic.must),
    );
    return [...policies.entries()].flatMap(([number, policy]) => {
      const { subject, id, isolates, rules, slot, origin } = policy;
      const isWhole =
        subject.kind === "pods" &&
        subject.where === undefined &&
        subject.pods.requirements.length === 0;
      if (!isWhole || !selecting.has(id)) return [];
      return (["ingress", "egress"] as const).flatMap((direction) => {
        const isDeny =
          isolates[direction] === "yes" && rules.every((rule) => rule.direction !== direction);
        if (!isDeny) return [];
        const mine = subjects[number]!.classes;
        const undoing = open.filter(
          (each) =>
            each.policy.slot === slot &&
            each.compiled.rule.direction === direction &&
            subjects[each.compiled.policy]!.classes.members.some(
              (one) => realClasses.has(one) && mine.has(one),
            ),
        );
        if (undoing.length === 0) return [];
        const opened = new Set(
          undoing.flatMap(({ compiled: rule }) => [...subjects[rule.policy]!.classes.members]),
        );
        const all = workloadsOf()(mine.members);
        const some = workloadsOf()(mine.members.filter((one) => opened.has(one)));
        const refs = undoing.map(({ place }) => ({ policy: place.policy!, rule: place.rule }));
        const whom =
          some.length === all.length
            ? "all of it"
            : `${namesText(some.map((each) => each.id))} (${some.length} of ${all.length})`;
        return [
          {
            subject: id,
            namespace: namespaceOfPolicy(id),
            key: direction,
            text: `it denies all ${direction}, and ${refsText(refs, id)} opens ${whom} again to everybody`,
            places: [{ policy: id, origin, path: ["spec"] }, ...undoing.map(({ place }) => place)],
            fix: `name the peers and ports that are needed in ${refsText(refs, id)}`,
            ...(some.length === all.length ? {} : { severity: "medium" as const }),
          },
        ];
      });
    });
  },
};
