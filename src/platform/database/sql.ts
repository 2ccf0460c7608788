/**
 * `sql` builds parameterised statements: every `${value}` becomes `$n`, a nested `sql` fragment is spliced in.
 * There is no way to put a string into the text of a statement but `identifier`, which takes a fixed set of letters.
 */
export interface Sql {
  readonly text: string;
  readonly values: readonly unknown[];
}

class Fragment implements Sql {
  readonly strings: readonly string[];
  readonly parts: readonly unknown[];
  private built: Sql | undefined;
  constructor(strings: readonly string[], parts: readonly unknown[]) {
    this.strings = strings;
    this.parts = parts;
  }
  get text(): string {
    return (this.built ??= this.build()).text;
  }
  get values(): readonly unknown[] {
    return (this.built ??= this.build()).values;
  }
  private build(): Sql {
    const values: unknown[] = [];
    const walk = (fragment: Fragment): string => {
      let text = fragment.strings[0] ?? "";
      fragment.parts.forEach((part, index) => {
        text += part instanceof Fragment ? walk(part) : `$${values.push(part)}`;
        text += fragment.strings[index + 1] ?? "";
      });
      return text;
    };
    return { text: walk(this), values };
  }
}

export function sql(strings: TemplateStringsArray, ...parts: readonly unknown[]): Sql {
  return new Fragment(strings, parts);
}

/** A table or column name that code (never input) chose. */
export function identifier(name: string): Sql {
  if (!/^[a-z][a-z0-9_]{0,62}$/.test(name)) throw new Error(`not an identifier: ${name}`);
  return new Fragment([name], []);
}

/** Joins fragments, e.g. conditions by ` and `. */
export function join(fragments: readonly Sql[], separator: " and " | " or " | ", " | " union "): Sql {
  const strings = fragments.map((_, index) => (index === 0 ? "" : separator));
  return new Fragment([...strings, ""], fragments);
}

/** A whole statement from a file of ours (migrations). */
export const statement = (text: string): Sql => new Fragment([text], []);
