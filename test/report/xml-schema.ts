// Enough of XML Schema for the schema of JUnit: sequences, choices, extensions and simple types.
import type { XmlElement } from "./xml.ts";

const KNOWN = new Set(
  "schema annotation documentation element complexType simpleType sequence choice attribute complexContent simpleContent extension restriction minLength pattern whiteSpace".split(
    " ",
  ),
);

/** What is wrong with a document under a schema, as `path: problem`. */
export function xmlSchemaProblems(schema: XmlElement, document: XmlElement): readonly string[] {
  sayUnknown(schema);
  const root = child(schema, "element", document.name);
  if (root === undefined) return [`${document.name}: not a root`];
  return elementProblems(schema, root, document, document.name);
}

function sayUnknown(part: XmlElement): void {
  const name = part.name.replace(/^xs:/u, "");
  if (!KNOWN.has(name)) throw new Error(`\`${part.name}\` is not known here`);
  if (name !== "annotation") for (const each of part.children) sayUnknown(each);
}

function child(part: XmlElement, kind: string, name?: string): XmlElement | undefined {
  return part.children.find(
    (each) =>
      each.name === `xs:${kind}` && (name === undefined || each.attributes["name"] === name),
  );
}

/** Every part of a type, its bases before it. */
function partsOf(schema: XmlElement, type: XmlElement): readonly XmlElement[] {
  return type.children.flatMap((part) => {
    if (part.name === "xs:complexContent" || part.name === "xs:simpleContent")
      return partsOf(schema, part);
    if (part.name !== "xs:extension") return [part];
    const base = child(schema, "complexType", part.attributes["base"] ?? "");
    return [...(base === undefined ? [] : partsOf(schema, base)), ...partsOf(schema, part)];
  });
}

function elementProblems(
  schema: XmlElement,
  declared: XmlElement,
  element: XmlElement,
  path: string,
): readonly string[] {
  const type =
    child(declared, "complexType") ??
    child(schema, "complexType", declared.attributes["type"] ?? "");
  if (type === undefined) return element.children.length > 0 ? [`${path}: has children`] : [];
  const parts = partsOf(schema, type);
  const isText = child(type, "simpleContent") !== undefined;
  const problems = attributeProblems(schema, parts, element, path);
  if (!isText && element.text.trim() !== "") problems.push(`${path}: has text`);
  const group = parts.find(({ name }) => name === "xs:sequence" || name === "xs:choice");
  return [...problems, ...contentProblems(schema, group, element, path)];
}

/** Children in the order of a sequence, or of one of a choice. Each is taken as often as it may come: the next one of this schema has another name. */
function contentProblems(
  schema: XmlElement,
  group: XmlElement | undefined,
  { children }: XmlElement,
  path: string,
): readonly string[] {
  const problems: string[] = [];
  const isChoice = group?.name === "xs:choice";
  let at = 0;
  const declared = group === undefined ? [] : group.children;
  for (const each of declared.filter(({ name }) => name === "xs:element")) {
    const { name = "", minOccurs = "1", maxOccurs } = each.attributes;
    const end = children.findIndex((next, index) => index >= at && next.name !== name);
    const same = children.slice(at, end === -1 ? children.length : end);
    const run = maxOccurs === "unbounded" ? same : same.slice(0, 1);
    for (const [index, next] of run.entries()) {
      problems.push(...elementProblems(schema, each, next, `${path}/${name}[${index}]`));
    }
    at += run.length;
    if (!isChoice && run.length < Number(minOccurs)) problems.push(`${path}: no \`${name}\``);
    if (isChoice && run.length > 0) break;
  }
  const next = children[at];
  if (next !== undefined) problems.push(`${path}: \`${next.name}\` does not belong here`);
  return problems;
}

function attributeProblems(
  schema: XmlElement,
  parts: readonly XmlElement[],
  { attributes }: XmlElement,
  path: string,
): string[] {
  const declared = new Map(
    parts
      .filter(({ name }) => name === "xs:attribute")
      .map((each) => [each.attributes["name"] ?? "", each]),
  );
  const unknown = Object.keys(attributes).filter((name) => !declared.has(name));
  const problems = unknown.map((name) => `${path}: no attribute \`${name}\` here`);
  for (const [name, each] of declared) {
    const value = attributes[name];
    if (value === undefined) {
      if (each.attributes["use"] === "required") problems.push(`${path}: no attribute \`${name}\``);
    } else if (!isOfType(schema, each, value)) problems.push(`${path}: ${name}="${value}"`);
  }
  return problems;
}

function isOfType(schema: XmlElement, declared: XmlElement, value: string): boolean {
  const { type = "" } = declared.attributes;
  const simple = child(declared, "simpleType") ?? child(schema, "simpleType", type);
  if (simple !== undefined) {
    const restriction = child(simple, "restriction")!;
    return restriction.children.every(({ name, attributes }) => {
      const limit = attributes["value"] ?? "";
      if (name === "xs:minLength") return value.trim().length >= Number(limit);
      return name !== "xs:pattern" || new RegExp(`^(?:${limit})$`, "u").test(value);
    });
  }
  if (type === "xs:int") return /^-?\d+$/u.test(value);
  return type !== "xs:decimal" || /^-?\d+(?:\.\d+)?$/u.test(value);
}
