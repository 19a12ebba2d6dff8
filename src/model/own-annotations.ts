import type { Identity } from "./identity.ts";
import type { Origin } from "./origin.ts";
import { type Raw, objectAt } from "./raw.ts";
import type { Labels } from "./selector.ts";

/** The domain of ringfence's own annotations and labels. */
export const OWN_DOMAIN = "ringfence.dev/";

/** The annotations of ringfence's own domain on one object. */
export interface OwnAnnotations {
  /** As findings name the object: `GROUP/KIND/[NAMESPACE/]NAME` of a policy, `Namespace/NAME`, else `NAMESPACE/KIND/NAME`. */
  readonly subject: string;
  readonly annotations: Labels;
  readonly origin: Origin;
}

/** The own annotations of an object; nothing if it has none, as nearly all objects. */
export function ownAnnotationsOf(
  raw: Raw,
  { namespace, name }: Pick<Identity, "namespace" | "name">,
  origin: Origin,
): OwnAnnotations | undefined {
  const all = objectAt(objectAt(raw, "metadata"), "annotations");
  let annotations: Record<string, string> | undefined;
  for (const key of Object.keys(all)) {
    if (!key.startsWith(OWN_DOMAIN)) continue;
    const value = all[key];
    (annotations ??= {})[key] = typeof value === "string" ? value : "";
  }
  if (annotations === undefined) return undefined;
  return { subject: subjectOf(raw, namespace, name), annotations, origin };
}

/** How findings name an object that was read. */
export function subjectOf(raw: Raw, namespace: string, name: string): string {
  const [kind, apiVersion] = [String(raw["kind"]), String(raw["apiVersion"])];
  const group = apiVersion.slice(0, Math.max(apiVersion.indexOf("/"), 0));
  return objectSubject({ group, kind, namespace, name });
}

/** How findings name an object: the same as a waiver on it. `namespace` is empty for a cluster-scoped kind. */
export function objectSubject({
  group,
  kind,
  namespace,
  name,
}: Readonly<Record<"group" | "kind" | "namespace" | "name", string>>): string {
  if (kind === "Namespace") return `Namespace/${name}`;
  const inside = namespace === "" ? name : `${namespace}/${name}`;
  if (group !== "" && kind.endsWith("Policy")) return `${group}/${kind}/${inside}`;
  return namespace === "" ? `${kind}/${name}` : `${namespace}/${kind}/${name}`;
}
