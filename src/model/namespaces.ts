import type { Namespace } from "./cluster.ts";
import type { Diagnostic } from "./diagnostic.ts";
import { isEqual } from "./duplicates.ts";
import type { Found, Intake } from "./intake.ts";
import { NAME_LABEL } from "./parse-resource.ts";

/** Two declarations of a namespace are merged if no label contradicts. */
export function addNamespace(intake: Intake, namespace: Namespace, found: Found): void {
  const { name, labels, declarations } = namespace;
  const first = intake.namespaces.get(name);
  if (first === undefined) {
    intake.namespaces.set(name, namespace);
    return;
  }
  const clash = Object.keys(labels).find(
    (key) => Object.hasOwn(first.labels, key) && first.labels[key] !== labels[key],
  );
  const there = intake.locate(first.declarations[0]!.origin, []);
  const where = `${there.file}:${there.line}`;
  const here = intake.locate(found.origin, []);
  if (clash !== undefined) {
    const text = `label \`${clash}\` of Namespace \`${name}\` contradicts ${where}, which is kept: remove one of them`;
    intake.report({ severity: "error", ...here, text, decides: true });
    return;
  }
  const merged = isEqual(first.labels, labels)
    ? "given twice"
    : "given twice, its labels are merged";
  const text = `Namespace \`${name}\` is ${merged}: see ${where}`;
  intake.report({ severity: "warning", ...here, text, decides: false });
  intake.namespaces.set(name, {
    ...first,
    labels: { ...first.labels, ...labels },
    declarations: [...first.declarations, ...declarations],
  });
}

/** A namespace that is used but not declared exists with its name label only. `default` always exists. */
export function declareUsed(intake: Intake): readonly Diagnostic[] {
  const notes: Diagnostic[] = [];
  for (const [name, origin] of intake.used) {
    if (intake.namespaces.has(name)) continue;
    intake.namespaces.set(name, {
      kind: "Namespace",
      name,
      labels: { [NAME_LABEL]: name },
      declarations: [],
    });
    if (name === "default") continue;
    const text = `namespace \`${name}\` is used but not declared: it is taken to have its name label only`;
    notes.push({
      severity: "info",
      ...intake.locate(origin, ["metadata", "namespace"]),
      text,
      decides: false,
    });
  }
  return notes;
}
