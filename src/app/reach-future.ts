import { type Exposure, assessExposure } from "../analysis/index.ts";
import { createOutlook } from "../policy/index.ts";
import type { Session } from "./session.ts";
import { unknownName } from "./suggest.ts";

/** What `reach --future` shows: only of one workload, or of one namespace's. */
export interface FutureFilter {
  readonly workload: string | undefined;
  readonly namespace: string | undefined;
}

/** What policies admit of peers that do not exist yet. */
export interface FutureResult {
  readonly session: Session;
  readonly exposures: readonly Exposure[];
}

/** Answers `reach --future`. Gives a sentence where a filter names nothing. */
export function reachFuture(
  session: Session,
  { workload, namespace }: FutureFilter,
): FutureResult | string {
  const { cluster } = session.compiled;
  if (namespace !== undefined && !cluster.namespaces.has(namespace)) {
    return `there is no namespace \`${namespace}\``;
  }
  const meant = cluster.workloads.filter(
    (each) =>
      (namespace === undefined || each.namespace === namespace) &&
      (workload === undefined || each.id === workload),
  );
  if (workload !== undefined && meant.length === 0) {
    return unknownName(
      workload,
      cluster.workloads.map(({ id }) => id),
    );
  }
  const outlook = createOutlook(session.compiled);
  return { session, exposures: assessExposure(session.compiled, outlook, meant) };
}
