import { type FutureResult, placeRef } from "../app/index.ts";
import { formatRange } from "../base/index.ts";
import { type Admission, formatTraffic } from "../policy/index.ts";
import { CONTRACT_VERSION } from "./contract.ts";
import { type Style, type Write, placeText, shorten } from "./style.ts";

/** Writes what is admitted of peers that do not exist yet as JSON, in the manner of the contract. */
export function writeFutureJson({ session, exposures }: FutureResult, write: Write): void {
  const { profile, cluster } = session.compiled;
  const place = placeRef(session);
  const document = {
    version: CONTRACT_VERSION,
    profile: profile.name,
    incomplete: cluster.incomplete,
    exposure: exposures.map(({ workloads, direction, isIsolated, list }) => ({
      workloads,
      direction,
      isolated: isIsolated,
      admits: list.map((admission) => ({
        peer: showPeer(admission),
        ...(admission.family === undefined ? {} : { family: admission.family }),
        allow: formatTraffic(admission.allow, admission.universe),
        depends: formatTraffic(admission.depends, admission.universe),
        portNames: admission.portNames,
        refs: admission.refs().map(place),
      })),
    })),
  };
  write(`${JSON.stringify(document, null, 2)}\n`);
}

function showPeer({ peer }: Admission): Readonly<Record<string, unknown>> {
  switch (peer.kind) {
    case "outside":
      return { kind: peer.kind, addresses: peer.addresses.map(formatRange) };
    case "selected": {
      const { kind, namespaces, pods } = peer;
      return { kind, namespaces: namespaces ?? null, pods: pods ?? null };
    }
    default:
      return peer;
  }
}

const SHOWN = { names: 6, ports: 8, ranges: 4, refs: 3 };

/** Writes it for a terminal: by direction and workload, from the widest to the narrowest. */
export function writeFutureText(
  { session, exposures }: FutureResult,
  style: Style,
  write: Write,
): void {
  if (session.compiled.cluster.incomplete) {
    write(style.red("INCOMPLETE: an object that may decide traffic could not be read\n\n"));
  }
  const place = placeRef(session);
  for (const direction of ["ingress", "egress"] as const) {
    write(
      `${style.bold(direction === "ingress" ? "Who may come and be let in" : "Who may come and be reached")}\n`,
    );
    for (const exposure of exposures.filter((each) => each.direction === direction)) {
      const open = exposure.isIsolated ? "" : `  ${style.red("no policy isolates it")}`;
      write(`  ${style.bold(shorten(exposure.workloads, SHOWN.names))}${open}\n`);
      if (exposure.list.length === 0) write(`    ${style.green("nobody")}\n`);
      for (const admission of exposure.list) {
        const arrow = direction === "ingress" ? "←" : "→";
        write(`    ${arrow} ${peerText(admission)}  ${portsText(admission, style)}\n`);
        const refs = admission.refs().map((ref) => {
          const { policy, rule, ...at } = place(ref);
          return `${policy} ${rule} (${placeText(at)})`;
        });
        if (refs.length > 0) write(style.dim(`        by ${shorten(refs, SHOWN.refs)}\n`));
      }
    }
  }
}

function peerText({ peer }: Admission): string {
  switch (peer.kind) {
    case "outside":
      return shorten(peer.addresses.map(formatRange), SHOWN.ranges);
    case "cluster":
      return "any pod of the cluster";
    case "namespace":
      return `any pod of ${peer.namespace}`;
    case "selected": {
      const pods = peer.pods === undefined ? "any pod" : `pods with ${peer.pods}`;
      return peer.namespaces === undefined ? pods : `${pods} in namespaces ${peer.namespaces}`;
    }
  }
}

function portsText(
  { allow, depends, universe, portNames, family }: Admission,
  style: Style,
): string {
  const names = portNames.map((name) => `the port named ${name}`);
  const sure = [...formatTraffic(allow, universe), ...names];
  const perhaps = formatTraffic(depends, universe);
  const parts = [
    ...(sure.length === 0 ? [] : [shorten(sure, SHOWN.ports)]),
    ...(perhaps.length === 0 ? [] : [style.yellow(`depends: ${shorten(perhaps, SHOWN.ports)}`)]),
  ];
  return `${parts.join("; ")}${family === undefined ? "" : ` (IPv${family})`}`;
}
