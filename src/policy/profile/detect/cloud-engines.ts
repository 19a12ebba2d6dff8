import { shown } from "../../../base/index.ts";
import { type Cluster, type OtherObject, type Path, isRaw } from "../../../model/index.ts";
import { objectEvidence } from "./agents.ts";
import type { DetectedEngine, Enforcement } from "./detection.ts";

/** What descriptions of managed clusters say (`ClusterDescribe`, as kubescape wraps what the cloud's API gives). Their keys come in three spellings. */
export function findCloud(cluster: Cluster): readonly DetectedEngine[] {
  return cluster.others.flatMap((one) => {
    if (one.kind !== "ClusterDescribe") return [];
    const group = one.apiVersion.split("/", 1)[0];
    if (group === "management.azure.com") return readAks(one);
    if (group === "container.googleapis.com") return readGke(one);
    return group === "eks.amazonaws.com" ? readEks(one) : [];
  });
}

function readAks(object: OtherObject): readonly DetectedEngine[] {
  const profile = findField(object, ["properties", "networkProfile"]);
  if (profile === undefined || !isRaw(profile.value)) return [];
  const policy = textOf(profile.value["networkPolicy"]) ?? "none";
  const plane = textOf(profile.value["networkDataplane"]);
  const engine =
    policy === "cilium" || plane === "cilium" ? AKS["cilium"] : AKS[policy.toLowerCase()];
  if (engine === undefined) return [];
  const path = [...profile.path, "networkPolicy"];
  const text = `has ${shown(`networkPolicy: ${policy}`)}`;
  return [{ ...engine, evidence: [objectEvidence(object, path, text)] }];
}

type Known = Omit<DetectedEngine, "evidence">;

const AKS: Readonly<Record<string, Known | undefined>> = {
  azure: { name: "azure-npm", profile: "azure", enforcement: "on" },
  calico: { name: "calico", profile: "calico", enforcement: "on" },
  cilium: { name: "cilium", profile: "cilium", enforcement: "on" },
  none: { name: "azure-cni", profile: "flannel", enforcement: "off" },
};

/** Dataplane V2 always enforces; the legacy engine is Calico, and needs two switches. */
function readGke(object: OtherObject): readonly DetectedEngine[] {
  const datapath = findField(object, ["networkConfig", "datapathProvider"]);
  // The API's number of ADVANCED_DATAPATH is 2.
  if (datapath?.value === "ADVANCED_DATAPATH" || datapath?.value === 2) {
    const text = `has \`datapathProvider: ${datapath.value}\``;
    const evidence = [objectEvidence(object, datapath.path, text)];
    return [{ name: "gke-dataplane-v2", profile: "gke-dataplane-v2", enforcement: "on", evidence }];
  }
  const enabled = findField(object, ["networkPolicy", "enabled"]);
  const disabled = findField(object, ["addonsConfig", "networkPolicyConfig", "disabled"]);
  const isOn = enabled?.value === true && disabled?.value !== true;
  const path = (isOn ? enabled?.path : (disabled ?? enabled)?.path) ?? ["data"];
  const text = isOn
    ? "has `networkPolicy.enabled: true`"
    : "has neither Dataplane V2 nor `networkPolicy.enabled: true` with its addon";
  const evidence = [objectEvidence(object, path, text)];
  const known: Known = isOn
    ? { name: "calico", profile: "calico", enforcement: "on" }
    : { name: "gke", profile: "flannel", enforcement: "off" };
  return [{ ...known, evidence }];
}

function readEks(object: OtherObject): readonly DetectedEngine[] {
  const auto = findField(object, ["cluster", "computeConfig", "enabled"]);
  if (auto?.value !== true) return [];
  const evidence = [objectEvidence(object, auto.path, "has `computeConfig.enabled: true`")];
  const enforcement: Enforcement = "unknown";
  return [{ name: "eks-auto-mode", profile: "aws-vpc-cni", enforcement, evidence }];
}

function textOf(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}

/** A field below `data`, whatever the spelling of its keys: `networkConfig`, `NetworkConfig`, `network_config`. */
function findField(
  { object }: OtherObject,
  keys: readonly string[],
): { readonly value: unknown; readonly path: Path } | undefined {
  let value: unknown = object["data"];
  const path: string[] = ["data"];
  for (const wanted of keys) {
    if (!isRaw(value)) return undefined;
    const key = Object.keys(value).find((one) => plain(one) === plain(wanted));
    if (key === undefined) return undefined;
    value = value[key];
    path.push(key);
  }
  return { value, path };
}

function plain(key: string): string {
  return key.replaceAll("_", "").toLowerCase();
}
