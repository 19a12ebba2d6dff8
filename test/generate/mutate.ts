import { hostileCluster } from "./hostile.ts";
import { type Random, createRandom } from "./random.ts";
import { type RawObject, WORDS } from "./words.ts";

/** A generated cluster as somebody may have edited it: objects that came, went or were changed. */
export function mutateCluster(objects: readonly RawObject[], seed: number): readonly RawObject[] {
  const random = createRandom(seed ^ 0xd1ff);
  let result = objects;
  for (let left = 1 + random.below(4); left > 0; left--) result = mutateOnce(result, random);
  return result;
}

function mutateOnce(objects: readonly RawObject[], random: Random): readonly RawObject[] {
  if (objects.length === 0) return objects;
  const index = random.below(objects.length);
  if (random.chance(15)) return objects.toSpliced(index, 1);
  if (random.chance(20)) {
    const other = random.pick(hostileCluster(createRandom(random.below(10_000))));
    return objects.some((each) => nameOf(each) === nameOf(other)) ? objects : [...objects, other];
  }
  return objects.with(index, edit(objects[index]!, random));
}

/** What must be unique among objects. */
function nameOf(object: RawObject): string {
  const { name, namespace } = object["metadata"] as RawObject;
  const kind = String(object["kind"]);
  return kind === "BaselineAdminNetworkPolicy" ? kind : JSON.stringify([kind, namespace, name]);
}

function edit(object: RawObject, random: Random): RawObject {
  const copy = structuredClone(object) as Record<string, unknown>;
  const spec = copy["spec"] as Record<string, unknown> | undefined;
  const kind = String(copy["kind"]);
  if (kind.endsWith("Policy")) editPolicy(copy, spec!, random);
  else if (kind === "Namespace" || kind === "Node" || kind === "Pod") {
    if (kind === "Pod" && random.chance(40)) editPod(copy, spec!, random);
    else (copy["metadata"] as Record<string, unknown>)["labels"] = labels(random);
  } else if (spec !== undefined && "template" in spec) {
    const template = spec["template"] as Record<string, unknown>;
    if (random.chance(30)) editPod(template, template["spec"] as Record<string, unknown>, random);
    else {
      const metadata = (template["metadata"] ?? {}) as Record<string, unknown>;
      template["metadata"] = { ...metadata, labels: labels(random) };
    }
  }
  return copy;
}

/** Takes a part of the spec from another policy of that kind, or changes what is there. */
function editPolicy(
  copy: Record<string, unknown>,
  spec: Record<string, unknown>,
  random: Random,
): void {
  const donor = findDonor(copy, random);
  const direction = random.pick(["ingress", "egress"]);
  const rules = (spec[direction] ?? []) as readonly RawObject[];
  if (rules.length > 0 && random.chance(40)) {
    const at = random.below(rules.length);
    spec[direction] = random.chance(50) ? rules.toSpliced(at, 1) : rules.toReversed();
  } else if (donor !== undefined) {
    const field = random.pick(Object.keys(donor));
    spec[field] = structuredClone(donor[field]);
  }
}

/** The spec of another generated policy of the same kind. */
function findDonor(
  copy: Readonly<Record<string, unknown>>,
  random: Random,
): Readonly<Record<string, unknown>> | undefined {
  for (let left = 10; left > 0; left--) {
    const found = hostileCluster(createRandom(random.below(10_000))).find(
      ({ kind, apiVersion }) => kind === copy["kind"] && apiVersion === copy["apiVersion"],
    );
    if (found !== undefined) return found["spec"] as Readonly<Record<string, unknown>>;
  }
  return undefined;
}

function editPod(
  holder: Record<string, unknown>,
  spec: Record<string, unknown>,
  random: Random,
): void {
  if (random.chance(30)) spec["hostNetwork"] = spec["hostNetwork"] !== true;
  else if (random.chance(50)) {
    const port = { name: random.pick(WORDS.ports), containerPort: random.pick([80, 8080, 53]) };
    spec["containers"] = [{ name: "c", image: "registry.example/a:1", ports: [port] }];
  } else if ("status" in holder) delete holder["status"];
}

function labels(random: Random): RawObject {
  return {
    ...(random.chance(70) ? { app: random.pick(WORDS.apps) } : {}),
    ...(random.chance(60) ? { tier: random.pick(WORDS.tiers) } : {}),
    ...(random.chance(50) ? { zone: random.pick(WORDS.zones) } : {}),
  };
}
