import type { Family } from "../base/index.ts";
import type { CompiledPolicies } from "./compile.ts";
import type { End } from "./connection.ts";
import { judgePath } from "./judge.ts";
import { haveFamily, partyOf, situationsOf } from "./party.ts";
import { CLOSED, type Outcome, either } from "./planes.ts";
import { trafficOf } from "./traffic.ts";

/** What passes between two different ends in one family, all traffic at once, without what is known of requests and what passes before every policy. */
export function outcomeBetween(
  compiled: CompiledPolicies,
  ends: { readonly source: End; readonly destination: End },
  family: Family,
): Outcome {
  const [source, destination] = [
    partyOf(compiled, ends.source),
    partyOf(compiled, ends.destination),
  ];
  if (!haveFamily(source, destination, family)) return CLOSED;
  const circumstances = { family, facts: [], traffic: trafficOf(family) };
  return situationsOf(compiled, source, destination)
    .map(({ points }) => judgePath(compiled, points, circumstances))
    .reduce(either);
}
