import type { Cluster } from "../../../model/index.ts";

/** What Felix is told, as far as the specification needs it. */
export interface FelixFacts {
  readonly toHost: ReadonlySet<"Allow" | "Deny">;
  readonly vxlan: "yes" | "no" | "unclear";
  readonly ipip: "yes" | "no" | "unclear";
  readonly failsafe: Readonly<Record<"ingress" | "egress", readonly SafePort[] | "unclear">>;
}

/** A port that stays open (CAL-14). */
export interface SafePort {
  readonly protocol: "TCP" | "UDP" | "SCTP";
  readonly port: number;
  readonly net: string | undefined;
}

/** Reads the FelixConfiguration `default`; what is not there has Felix's own default, and `defaultEndpointToHostAction` none, as the manifests set another (section 8.2). */
export function felixFacts({ others }: Cluster): FelixFacts {
  const object = others.find(
    ({ kind, name }) => kind === "FelixConfiguration" && name === "default",
  );
  const spec = ((object?.object as { spec?: object } | undefined)?.spec ?? {}) as Record<
    string,
    unknown
  >;
  const action = spec["defaultEndpointToHostAction"];
  const outcomes = { Drop: ["Deny"], Accept: ["Allow"] } as const;
  const known =
    typeof action === "string" && action in outcomes ? outcomes[action as "Drop"] : undefined;
  // section 8.2 and CAL-17 tell of the iptables and nftables data planes only
  const isBpf = spec["bpfEnabled"] === true;
  const dropped = isBpf ? "unclear" : "no";
  return {
    toHost: new Set<"Allow" | "Deny">((isBpf ? undefined : known) ?? ["Allow", "Deny"]),
    vxlan: spec["allowVXLANPacketsFromWorkloads"] === true ? "yes" : dropped,
    ipip: spec["allowIPIPPacketsFromWorkloads"] === true ? "yes" : dropped,
    failsafe: {
      ingress: portsOf(spec["failsafeInboundHostPorts"], INBOUND),
      egress: portsOf(spec["failsafeOutboundHostPorts"], OUTBOUND),
    },
  };
}

function portsOf(value: unknown, otherwise: readonly SafePort[]): readonly SafePort[] {
  if (!Array.isArray(value)) return otherwise;
  return (value as readonly Record<string, unknown>[]).map(({ protocol = "TCP", port, net }) => ({
    protocol: String(protocol).toUpperCase() as SafePort["protocol"],
    port: Number(port),
    net: typeof net === "string" && net !== "" ? net : undefined,
  }));
}

const TCP = [179, 2379, 2380, 5473, 6443, 6666, 6667].map((port) => safe("TCP", port));
const INBOUND = [safe("TCP", 22), safe("UDP", 68), ...TCP];
const OUTBOUND = [safe("UDP", 53), safe("UDP", 67), ...TCP];

function safe(protocol: SafePort["protocol"], port: number): SafePort {
  return { protocol, port, net: undefined };
}
