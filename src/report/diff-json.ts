import type { DiffResult, PlacedChange } from "../app/index.ts";
import { formatRange } from "../base/index.ts";
import { ALL_TRAFFIC, formatTraffic, trafficOf } from "../policy/index.ts";
import { CONTRACT_VERSION } from "./contract.ts";
import type { Write } from "./style.ts";

/** Writes a diff by the contract, piece by piece. */
export function writeDiffJson(result: DiffResult, write: Write): void {
  const { base, head, peers, changes, unused } = result;
  const [was, is] = [base.compiled, head.compiled];
  const lead = {
    version: CONTRACT_VERSION,
    profile: is.profile.name,
    incomplete: was.cluster.incomplete || is.cluster.incomplete,
    ...(was.profile === is.profile ? {} : { baseProfile: was.profile.name }),
    ...(unused.length === 0
      ? {}
      : { unusedExpectations: unused.map(({ place, reason }) => ({ place, reason })) }),
  };
  write(`${JSON.stringify(lead).slice(0, -1)},\n"peers":[`);
  for (const [index, peer] of peers.entries()) {
    const shown =
      peer.kind === "outside" ? { ...peer, addresses: peer.addresses.map(formatRange) } : peer;
    const { id, kind, ...rest } = shown;
    write(`${index === 0 ? "\n" : ",\n"}${JSON.stringify({ id, kind, ...rest })}`);
  }
  write('],\n"changes":[');
  for (const [index, change] of changes.entries()) {
    write(`${index === 0 ? "\n" : ",\n"}${JSON.stringify(showChange(result, change))}`);
  }
  write("]}\n");
}

function showChange(
  { peers }: DiffResult,
  { from, to, family, before, after, causes, expected }: PlacedChange,
): Readonly<Record<string, unknown>> {
  const state = ({ allow, depends, conditions }: PlacedChange["before"]): object => ({
    allow: formatTraffic(allow, universeOf(family)),
    depends: formatTraffic(depends, universeOf(family)),
    ...(conditions.length === 0
      ? {}
      : {
          conditions: conditions.map(({ text, traffic, refs }) => ({
            text,
            ports: formatTraffic(traffic, universeOf(family)),
            refs,
          })),
        }),
  });
  return {
    from: from.map((peer) => peers[peer]!.id),
    to: to.map((peer) => peers[peer]!.id),
    ...(family === undefined ? {} : { family }),
    before: state(before),
    after: state(after),
    causes,
    ...(expected === undefined ? {} : { expected }),
  };
}

/** Everything that can be sent in the family of a change, which is then printed as `all`. */
export function universeOf(family: PlacedChange["family"]): PlacedChange["before"]["allow"] {
  return family === undefined ? ALL_TRAFFIC : trafficOf(family);
}
