import type { Interner } from "./intern.ts";
import type { Origin, Path } from "./origin.ts";
import type { Owner } from "./owner.ts";
import { type Raw, isRaw, listAt, objectAt, textAt, textsAt } from "./raw.ts";
import type { Labels } from "./selector.ts";

/** What a DaemonSet runs on nodes. Kept of DaemonSets alone, which are few: network engines are among them. */
export interface NodeAgent {
  /** Ordinary and init containers. */
  readonly containers: readonly AgentContainer[];
  readonly nodeSelector: Labels;
  /** How many nodes should run it, as its status tells; `undefined`: nobody has told. */
  readonly desired: number | undefined;
  /** Where the pod's spec stands in `origin`. */
  readonly path: Path;
  /** Of the DaemonSet, or of a pod of it where only pods are among the objects. */
  readonly origin: Origin;
  /** A second declaration of the same name runs something else. */
  readonly disputed: boolean;
}

/** One container with the values that are written down. */
export interface AgentContainer {
  readonly list: "containers" | "initContainers";
  /** Its place in that list. */
  readonly index: number;
  readonly name: string;
  readonly image: string;
  readonly command: readonly string[];
  readonly args: readonly string[];
  readonly env: readonly AgentVariable[];
}

/** One variable of the environment: its text, or the key of a ConfigMap that has it. Those from elsewhere have neither. */
export interface AgentVariable {
  readonly name: string;
  readonly value: string | undefined;
  readonly configMap: { readonly name: string; readonly key: string } | undefined;
}

/** What a DaemonSet's template runs. */
export function agentOfTemplate(raw: Raw, origin: Origin): NodeAgent {
  const spec = objectAt(objectAt(objectAt(raw, "spec"), "template"), "spec");
  const desired = objectAt(raw, "status")["desiredNumberScheduled"];
  return {
    containers: readContainers(spec),
    nodeSelector: textsOf(objectAt(spec, "nodeSelector")),
    desired: typeof desired === "number" ? desired : undefined,
    path: ["spec", "template", "spec"],
    origin,
    disputed: false,
  };
}

/** What a DaemonSet's pod runs; of many pods the first is read. */
export function agentOfPod(
  raw: Raw,
  owner: Owner | undefined,
  context: { readonly namespace: string; readonly origin: Origin; readonly interner: Interner },
): NodeAgent | undefined {
  if (owner?.kind !== "DaemonSet") return undefined;
  const key = `agent ${context.namespace}/${owner.name}`;
  const [agent] = context.interner.list<NodeAgent>(key, () => [
    {
      containers: readContainers(objectAt(raw, "spec")),
      nodeSelector: {},
      desired: undefined,
      path: ["spec"],
      origin: context.origin,
      disputed: false,
    },
  ]);
  return agent;
}

function readContainers(spec: Raw): readonly AgentContainer[] {
  const containers: AgentContainer[] = [];
  for (const list of ["containers", "initContainers"] as const) {
    for (const [index, raw] of listAt(spec, list).entries()) {
      if (!isRaw(raw)) continue;
      containers.push({
        list,
        index,
        name: textAt(raw, "name") ?? "",
        image: textAt(raw, "image") ?? "",
        command: textsAt(raw, "command"),
        args: textsAt(raw, "args"),
        env: listAt(raw, "env").map(readVariable),
      });
    }
  }
  return containers;
}

/** Items that are none keep their place: a variable is found again by it. */
function readVariable(item: unknown): AgentVariable {
  const raw = isRaw(item) ? item : {};
  const reference = objectAt(objectAt(raw, "valueFrom"), "configMapKeyRef");
  const [name, key] = [textAt(reference, "name"), textAt(reference, "key")];
  const configMap = name === undefined || key === undefined ? undefined : { name, key };
  return { name: textAt(raw, "name") ?? "", value: textAt(raw, "value"), configMap };
}

function textsOf(raw: Raw): Labels {
  const texts = Object.entries(raw).filter((entry): entry is [string, string] => {
    return typeof entry[1] === "string";
  });
  return Object.fromEntries(texts);
}
