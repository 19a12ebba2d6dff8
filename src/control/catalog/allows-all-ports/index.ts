import { isSubset } from "../../../base/index.ts";
import { ALL_TRAFFIC, type CompiledRule, portTraffic } from "../../../policy/index.ts";
import type { Control } from "../../control.ts";
import { namespaceOfPolicy } from "../../finding.ts";
import { namesText } from "../../words.ts";

/** Policies with rules that allow every port. */
export const control: Control = {
  id: "allows-all-ports",
  family: "policy",
  title: "Every rule that allows names its ports",
  severity: "low",
  rationale:
    "A rule without ports opens every port, also those of debuggers, metrics and administration that somebody adds later.",
  remediation: "Name the ports that the application serves.",
  references: ["NP-3", "NP-5", "CNP-11"],
  check: ({ compiled, sources }) => {
    const broad = sources().flatMap((source) => {
      const what = breadthOf(source.compiled);
      return what === undefined || !findsSomebody(source.compiled, compiled.realClasses)
        ? []
        : [{ source, what }];
    });
    return [...Map.groupBy(broad, ({ source }) => source.policy)].map(([{ id }, list]) => ({
      subject: id,
      namespace: namespaceOfPolicy(id),
      text: [...Map.groupBy(list, ({ what }) => what)]
        .map(([what, same]) => {
          const names = namesText(same.map(({ source }) => source.name));
          return `${names} ${same.length === 1 ? "allows" : "allow"} ${what}`;
        })
        .join("; "),
      places: list.map(({ source }) => source.place),
      fix: "name the ports that are served",
    }));
  },
};

function breadthOf({ rule: { action, traffic } }: CompiledRule): string | undefined {
  if (action !== "Allow") return undefined;
  if (isSubset(ALL_TRAFFIC, traffic.must)) return "every port of every protocol";
  const whole = (["TCP", "UDP", "SCTP"] as const).filter((protocol) =>
    isSubset(portTraffic(protocol), traffic.must),
  );
  return whole.length === 0 ? undefined : `every port of ${whole.join(", ")}`;
}

/** A peer that selects nothing is another check's. */
function findsSomebody({ peers }: CompiledRule, real: ReadonlySet<number>): boolean {
  return peers.some(
    (peer) => peer.kind !== "pods" || peer.classes.members.some((number) => real.has(number)),
  );
}
