/** An element of an XML document. */
export interface XmlElement {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly XmlElement[];
  /** All text right in it. */
  readonly text: string;
}

const ENTITIES: Readonly<Record<string, string>> = {
  amp: "&",
  lt: "<",
  gt: ">",
  quot: '"',
  apos: "'",
};
const NAME = String.raw`[A-Za-z_][\w:.-]*`;
const TOKEN = new RegExp(
  [
    String.raw`<\?[^?]*\?>`,
    String.raw`<!--(?:[^-]|-(?!-))*-->`,
    String.raw`<(/?)(${NAME})((?:\s+${NAME}\s*=\s*(?:"[^"<]*"|'[^'<]*'))*)\s*(/?)>`,
    String.raw`([^<]+)`,
  ].join("|"),
  "uy",
);

/** Parses XML 1.0 without document types; throws where it is not well-formed. */
export function parseXml(source: string): XmlElement {
  const illegal = /[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/u.exec(source);
  if (illegal !== null) throw new Error(`a character that XML does not have at ${illegal.index}`);
  interface Open extends XmlElement {
    readonly children: XmlElement[];
    text: string;
  }
  const top: Open = { name: "", attributes: {}, children: [], text: "" };
  const stack = [top];
  TOKEN.lastIndex = 0;
  for (let at = 0; at < source.length; at = TOKEN.lastIndex) {
    const found = TOKEN.exec(source);
    if (found === null) throw new Error(`not well-formed at ${source.slice(at, at + 60)}`);
    const [, closes, name, attributes = "", empty, text] = found;
    const inner = stack.at(-1)!;
    if (text !== undefined) {
      if (text.includes("]]>")) throw new Error("`]]>` in text");
      inner.text += decode(text);
    } else if (closes === "/") {
      if (stack.length === 1 || inner.name !== name)
        throw new Error(`\`</${name}>\` closes nothing`);
      stack.pop();
    } else if (name !== undefined) {
      const element: Open = { name, attributes: attributesOf(attributes), children: [], text: "" };
      inner.children.push(element);
      if (empty !== "/") stack.push(element);
    }
  }
  if (stack.length > 1) throw new Error(`\`${stack.at(-1)!.name}\` is not closed`);
  if (top.children.length !== 1 || top.text.trim() !== "") throw new Error("not one element");
  return top.children[0]!;
}

function attributesOf(text: string): Readonly<Record<string, string>> {
  const list = [
    ...text.matchAll(new RegExp(String.raw`(${NAME})\s*=\s*(?:"([^"]*)"|'([^']*)')`, "gu")),
  ];
  const names = list.map(([, name = ""]) => name);
  if (new Set(names).size !== names.length) throw new Error(`an attribute twice:${text}`);
  return Object.fromEntries(
    list.map(([, name = "", double, single]) => [
      name,
      decode((double ?? single ?? "").replaceAll(/[\t\r\n]/gu, " ")),
    ]),
  );
}

function decode(text: string): string {
  return text.replaceAll(/&([^;&\s]*);?/gu, (whole, name: string) => {
    const code = /^#(?:x([0-9a-f]+)|(\d+))$/iu.exec(name);
    const value =
      code === null
        ? ENTITIES[name]
        : String.fromCodePoint(
            Number.parseInt(code[1] ?? code[2]!, code[1] === undefined ? 10 : 16),
          );
    if (value === undefined || !whole.endsWith(";")) throw new Error(`\`${whole}\` is no entity`);
    return value;
  });
}
