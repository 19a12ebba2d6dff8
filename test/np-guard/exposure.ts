import { assessExposure } from "../../src/analysis/index.ts";
import { formatAddress, intersect } from "../../src/base/index.ts";
import {
  type Admission,
  type CompiledPolicies,
  createOutlook,
  formatTraffic,
} from "../../src/policy/index.ts";
import { EVERY_PORT, parseConnection } from "./expected.ts";

interface Connection {
  readonly src: string;
  readonly dst: string;
  readonly conn: string;
}

/** What an `expected.json` says of exposure; nothing is `null` there. */
export interface ExpectedExposure {
  readonly egress_exposure: readonly Connection[] | null;
  readonly ingress_exposure: readonly Connection[] | null;
}

/** `source → destination: ports` for each line, sorted. */
export function expectedExposure({
  egress_exposure,
  ingress_exposure,
}: ExpectedExposure): readonly string[] {
  return [...(egress_exposure ?? []), ...(ingress_exposure ?? [])]
    .map(({ src, dst, conn }) => `${src} → ${dst}: ${formatTraffic(parseConnection(conn)).join()}`)
    .toSorted();
}

/** The same as our engine says it, in the words of that tool: what is allowed for certain, of TCP, UDP, SCTP and IPv4. */
export function ownExposure(compiled: CompiledPolicies): readonly string[] {
  const exposures = assessExposure(compiled, createOutlook(compiled), compiled.cluster.workloads);
  return exposures
    .flatMap(({ direction, workloads, list }) =>
      list.flatMap(({ peer, allow }) => {
        const ports = formatTraffic(intersect(allow, EVERY_PORT)).join();
        const other = peerName(peer);
        return workloads.map((id) => {
          const [namespace, kind, name] = id.split("/");
          const own = `${namespace}/${name}[${kind}]`;
          const ends = direction === "egress" ? [own, other] : [other, own];
          return `${ends.join(" → ")}: ${ports}`;
        });
      }),
    )
    .toSorted();
}

function peerName(peer: Admission["peer"]): string {
  if (peer.kind === "cluster") return "entire-cluster";
  if (peer.kind !== "outside") throw new Error(`\`${peer.kind}\`: no case has one`);
  const four = peer.addresses.filter(({ family }) => family === 4);
  return four.map(({ first, last }) => `${ipv4Text(first)}-${ipv4Text(last)}[External]`).join();
}

function ipv4Text(value: bigint): string {
  return formatAddress({ family: 4, value });
}
