import assert from "node:assert/strict";
import { readFileSync } from "node:fs";

import { type Expression, Visitor, parseSync } from "oxc-parser";

/** What a source file takes from elsewhere. */
export interface FileUse {
  /** Of every import, re-export, `import()`, `import("x").T`, `import x = require()` and `new URL("x", base)`; `undefined` where it is no literal. */
  readonly specifiers: readonly (string | undefined)[];
  /** Every identifier that is not the name of a property. */
  readonly names: ReadonlySet<string>;
}

const cache = new Map<string, FileUse>();

/** Reads and parses `file`; the same text is parsed once. */
export function usesOf(file: string): FileUse {
  const text = readFileSync(file, "utf8");
  const known = cache.get(text);
  if (known !== undefined) return known;
  const { program, errors } = parseSync(file, text);
  assert.deepEqual(errors, [], file);
  const specifiers: (string | undefined)[] = [];
  const identifiers = new Map<number, string>();
  const properties = new Set<number>();
  const add = ({ source }: { readonly source: Node | null }): void => {
    if (source !== null) specifiers.push(literalOf(source));
  };
  const addKey = ({ key, computed }: { readonly key: Node; readonly computed: boolean }): void => {
    if (!computed) properties.add(key.start);
  };
  new Visitor({
    ImportDeclaration: add,
    ImportExpression: add,
    TSImportType: add,
    ExportNamedDeclaration: add,
    ExportAllDeclaration: add,
    TSExternalModuleReference: ({ expression }) => specifiers.push(literalOf(expression)),
    NewExpression: ({ callee, arguments: [url, base] }) => {
      if (url !== undefined && base !== undefined && isNamed(callee, "URL"))
        specifiers.push(literalOf(url));
    },
    Identifier: ({ name, start }) => identifiers.set(start, name),
    MemberExpression: ({ property, computed }) => {
      if (!computed) properties.add(property.start);
    },
    Property: (property) => {
      if (!property.shorthand) addKey(property);
    },
    PropertyDefinition: addKey,
    MethodDefinition: addKey,
    TSPropertySignature: addKey,
    TSMethodSignature: addKey,
  }).visit(program);
  for (const start of properties) identifiers.delete(start);
  const uses = { specifiers, names: new Set(identifiers.values()) };
  cache.set(text, uses);
  return uses;
}

interface Node {
  readonly type: string;
  readonly start: number;
}

function literalOf(node: Node): string | undefined {
  return "value" in node && typeof node.value === "string" ? node.value : undefined;
}

function isNamed(callee: Expression, name: string): boolean {
  return callee.type === "Identifier" && callee.name === name;
}
