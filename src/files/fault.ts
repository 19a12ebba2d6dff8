import type { Diagnostic } from "../model/index.ts";

/** The error for something that cannot be read. It decides, unless the text is surely of a kind that cannot. */
export function fault(
  file: string,
  { line, reason, text }: { line: number; reason: string; text: string },
): Diagnostic {
  const decides = mayDecide(text);
  return { severity: "error", file, line, text: `cannot be read: ${reason}`, decides };
}

/** Kinds that change no connection by policy. */
const HARMLESS =
  /^(?:ConfigMap|Secret|ServiceAccount|Role|RoleBinding|ClusterRole|ClusterRoleBinding|StorageClass|PersistentVolume|PersistentVolumeClaim|PriorityClass|PodDisruptionBudget|HorizontalPodAutoscaler|CustomResourceDefinition|ServiceMonitor|PrometheusRule|Kustomization)$/u;

function mayDecide(text: string): boolean {
  // An escape, a NUL or a wrong character could hide the word.
  if (/[\\\0\uFFFD]/u.test(text)) return true;
  const kinds = [...text.matchAll(/kind/gu)];
  if (kinds.length === 0) return false; // no manifest: every manifest says its kind
  const top = [...text.matchAll(/^kind:[ \t]*(\S+)[ \t]*\r?$/gmu)];
  return !(top.length === 1 && HARMLESS.test(top[0]?.[1] ?? ""));
}
