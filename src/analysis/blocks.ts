/** Each of `from` with each of `to`. */
export interface Sides {
  readonly from: readonly number[];
  readonly to: readonly number[];
}

/** Pairs that the same of some products hold. */
export interface Block extends Sides {
  /** Indexes of those products, ascending. */
  readonly items: readonly number[];
}

/**
 * Cuts products, which may overlap, into blocks that do not: every pair of a block is in exactly its `items`, and a pair in no product is in no block.
 * The work is the sum of the sizes of the products plus the number of blocks.
 */
export function blocksOf(products: readonly Sides[]): readonly Block[] {
  const sources = groupsOf(products, "from");
  const targets = groupsOf(products, "to");
  const targetsOf = products.map((): Group[] => []);
  for (const target of targets) for (const item of target.items) targetsOf[item]!.push(target);
  const blocks: Block[] = [];
  for (const source of sources) {
    const shared = new Map<Group, number[]>();
    for (const item of source.items) {
      for (const target of targetsOf[item]!) {
        const items = shared.get(target);
        if (items === undefined) shared.set(target, [item]);
        else items.push(item);
      }
    }
    for (const [target, items] of shared) {
      blocks.push({ from: source.members, to: target.members, items });
    }
  }
  return blocks;
}

/** Members that are in the same products on one side. */
interface Group {
  readonly members: number[];
  readonly items: readonly number[];
}

function groupsOf(products: readonly Sides[], side: keyof Sides): readonly Group[] {
  const signatures = createSignatures();
  const signatureOf = new Map<number, number>();
  for (const [item, product] of products.entries()) {
    for (const member of product[side]) {
      signatureOf.set(member, signatures.extend(signatureOf.get(member) ?? -1, item));
    }
  }
  const groups = new Map<number, Group>();
  for (const [member, signature] of signatureOf) {
    const group = groups.get(signature);
    if (group !== undefined) group.members.push(member);
    else groups.set(signature, { members: [member], items: signatures.items(signature) });
  }
  for (const { members } of groups.values()) members.sort((a, b) => a - b);
  return [...groups.values()].toSorted((a, b) => a.members[0]! - b.members[0]!);
}

/** Numbers for lists that grow item by item; equal lists have equal numbers. */
function createSignatures(): {
  readonly extend: (signature: number, item: number) => number;
  readonly items: (signature: number) => readonly number[];
} {
  const known: { readonly before: number; readonly item: number }[] = [];
  const next = new Map<number, Map<number, number>>();
  return {
    extend: (before, item) => {
      const row = next.get(before) ?? new Map<number, number>();
      next.set(before, row);
      let signature = row.get(item);
      if (signature === undefined) {
        signature = known.push({ before, item }) - 1;
        row.set(item, signature);
      }
      return signature;
    },
    items: (signature) => {
      const list: number[] = [];
      for (let at = signature; at >= 0; at = known[at]!.before) list.push(known[at]!.item);
      return list.toReversed();
    },
  };
}
