// Enough of JSON Schema draft 4 for the schema of SARIF: a keyword that is not known here is a fault of the test, not a pass.
type Schema = Readonly<Record<string, unknown>>;

const SAYS_NOTHING = new Set(["$schema", "id", "title", "description", "default", "definitions"]);

/** What is wrong with a value under a schema, as `path: problem`. */
export function schemaProblems(
  root: Schema,
  value: unknown,
  schema: Schema = root,
  path = "$",
): readonly string[] {
  return Object.entries(schema).flatMap(([keyword, rule]) => {
    if (SAYS_NOTHING.has(keyword)) return [];
    const check = KEYWORDS[keyword];
    if (check === undefined) throw new Error(`the keyword \`${keyword}\` is not known here`);
    return check({ root, schema, rule, value, path });
  });
}

interface Check {
  readonly root: Schema;
  readonly schema: Schema;
  readonly rule: unknown;
  readonly value: unknown;
  readonly path: string;
}

const isObject = (value: unknown): value is Schema =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const typeOf = (value: unknown): string =>
  Array.isArray(value)
    ? "array"
    : value === null
      ? "null"
      : Number.isInteger(value)
        ? "integer"
        : typeof value;

/** A keyword that is kept where `test` holds. */
function must(test: (check: Check) => boolean): (check: Check) => readonly string[] {
  return (check) =>
    test(check) ? [] : [`${check.path}: not ${JSON.stringify(check.rule)}: ${String(check.value)}`];
}

const KEYWORDS: Readonly<Record<string, (check: Check) => readonly string[]>> = {
  $ref: ({ root, rule, value, path }) => {
    const parts = (rule as string).replace(/^#\//u, "").split("/");
    const target = parts.reduce<unknown>((at, part) => (at as Schema)[part], root);
    return schemaProblems(root, value, target as Schema, path);
  },
  type: must(({ rule, value }) =>
    [rule]
      .flat()
      .some((type) => type === typeOf(value) || (type === "number" && typeOf(value) === "integer")),
  ),
  enum: must(({ rule, value }) => (rule as readonly unknown[]).includes(value)),
  minimum: must(({ rule, value }) => typeof value !== "number" || value >= (rule as number)),
  maximum: must(({ rule, value }) => typeof value !== "number" || value <= (rule as number)),
  minItems: must(({ rule, value }) => !Array.isArray(value) || value.length >= (rule as number)),
  uniqueItems: must(
    ({ value }) =>
      !Array.isArray(value) ||
      new Set(value.map((item) => JSON.stringify(item))).size === value.length,
  ),
  pattern: must(
    ({ rule, value }) => typeof value !== "string" || new RegExp(rule as string, "u").test(value),
  ),
  format: must(({ rule, value }) => typeof value !== "string" || isOfFormat(rule as string, value)),
  required: must(
    ({ rule, value }) => !isObject(value) || (rule as string[]).every((name) => name in value),
  ),
  properties: ({ root, rule, value, path }) =>
    isObject(value)
      ? Object.entries(rule as Readonly<Record<string, Schema>>).flatMap(([name, schema]) =>
          name in value ? schemaProblems(root, value[name], schema, `${path}.${name}`) : [],
        )
      : [],
  additionalProperties: ({ root, schema, rule, value, path }) => {
    if (!isObject(value) || rule === true) return [];
    const known = Object.keys(schema["properties"] ?? {});
    return Object.keys(value)
      .filter((name) => !known.includes(name))
      .flatMap((name) =>
        rule === false
          ? [`${path}.${name}: not a property`]
          : schemaProblems(root, value[name], rule as Schema, `${path}.${name}`),
      );
  },
  items: ({ root, rule, value, path }) =>
    Array.isArray(value)
      ? value.flatMap((item, index) =>
          schemaProblems(root, item, rule as Schema, `${path}[${index}]`),
        )
      : [],
  anyOf: must(({ root, rule, value }) =>
    (rule as readonly Schema[]).some((each) => schemaProblems(root, value, each).length === 0),
  ),
  oneOf: must(
    ({ root, rule, value }) =>
      (rule as readonly Schema[]).filter((each) => schemaProblems(root, value, each).length === 0)
        .length === 1,
  ),
};

function isOfFormat(format: string, text: string): boolean {
  switch (format) {
    case "uri":
      return URL.canParse(text);
    case "uri-reference":
      return /^[\w.~:/?#[\]@!$&'()*+,;=%-]*$/u.test(text) && !/%(?![0-9A-Fa-f]{2})/u.test(text);
    case "date-time":
      return !Number.isNaN(Date.parse(text));
    default:
      throw new Error(`the format \`${format}\` is not known here`);
  }
}
