import { isRaw } from "./raw.ts";

/** The annotation in which kubectl keeps the whole object as it was applied. */
export const LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration";

/** A Secret with its keys but not its values, which also kubectl's annotation would give away; other objects as they are. */
export function withoutSecrets(raw: unknown): unknown {
  if (!isRaw(raw) || raw["kind"] !== "Secret") return raw;
  const secret: Record<string, unknown> = { ...raw };
  for (const key of ["data", "stringData"]) {
    const values = secret[key];
    if (values === undefined) continue;
    const names = typeof values === "object" && values !== null ? Object.keys(values) : [];
    secret[key] = Object.fromEntries(names.map((name) => [name, ""]));
  }
  const { metadata } = secret as { metadata?: { annotations?: Record<string, unknown> } };
  if (metadata?.annotations?.[LAST_APPLIED] === undefined) return secret;
  const { [LAST_APPLIED]: _, ...annotations } = metadata.annotations;
  return { ...secret, metadata: { ...metadata, annotations } };
}
