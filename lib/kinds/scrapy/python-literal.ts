/** A value as Python prints it. What is no literal (`datetime.datetime(…)`, `<object at 0x…>`) is kept as its text. */
export type PythonValue =
  | null
  | boolean
  | number
  | string
  | { readonly text: string }
  | readonly PythonValue[]
  | ReadonlyMap<PythonValue, PythonValue>;

/** Deeper than anything that is printed on purpose, and far from what would exhaust the stack. */
const MAX_DEPTH = 40;

/**
 * Reads the Python literal a text begins with, and nothing else of it. Tolerant: what it does not know is taken as text. Takes time
 * in proportion to the text, however hostile that is.
 * @returns null when no value begins there or it has no end
 */
export function readPythonLiteral(
  text: string,
): { readonly value: PythonValue; readonly end: number } | null {
  const reader = new Reader(text);
  try {
    const value = reader.value(0);
    return { value, end: reader.at };
  } catch (error) {
    if (error === UNREADABLE) return null;
    throw error;
  }
}

const UNREADABLE = Symbol("unreadable");
const SPACE = /[\s\\]*/y;
const NUMBER =
  /[-+]?(?:0[xX][\da-fA-F]+|0[oO][0-7]+|0[bB][01]+|(?:\d[\d_]*(?:\.[\d_]*)?|\.\d[\d_]*)(?:[eE][-+]?\d+)?)(?![\w.])/y;
const STRING_START = /([rRbBuUfF]{0,2})('''|"""|'|")/y;
const WORD = /[^\s,:)\]}([{'"<]+/y;
const WORDS: Readonly<Record<string, PythonValue>> = { None: null, True: true, False: false };
const CLOSER = { "[": "]", "(": ")", "{": "}" } as const;
const ESCAPES: Readonly<Record<string, string>> = {
  n: "\n",
  t: "\t",
  r: "\r",
  a: "\x07",
  b: "\b",
  f: "\f",
  v: "\v",
  "0": "\0",
  "\n": "",
  "\\": "\\",
  "'": "'",
  '"': '"',
};

class Reader {
  at = 0;

  constructor(private readonly text: string) {}

  value(depth: number): PythonValue {
    if (depth > MAX_DEPTH) throw UNREADABLE;
    this.take(SPACE);
    const next = this.text[this.at];
    if (next === undefined) throw UNREADABLE;
    if (next === "{") return this.braces(depth);
    if (next === "[") return this.sequence("[", depth);
    if (next === "(") return this.parentheses(depth);
    if (this.peek(STRING_START)) return this.strings();
    const number = this.take(NUMBER);
    if (number !== null) return toNumber(number[0]);
    return this.other(depth);
  }

  private braces(depth: number): PythonValue {
    this.at += 1;
    const entries = new Map<PythonValue, PythonValue>();
    const members: PythonValue[] = [];
    while (!this.closes("}")) {
      const key = this.value(depth + 1);
      if (this.accept(":")) entries.set(key, this.value(depth + 1));
      else members.push(key);
      this.comma("}");
    }
    return members.length > 0 ? members : entries;
  }

  private sequence(opener: "[" | "(", depth: number): PythonValue[] {
    this.at += 1;
    const members: PythonValue[] = [];
    while (!this.closes(CLOSER[opener])) {
      members.push(this.value(depth + 1));
      this.comma(CLOSER[opener]);
    }
    return members;
  }

  /** pprint breaks a long text into several, with parentheses around; one value without a comma is that value. */
  private parentheses(depth: number): PythonValue {
    const began = this.at;
    const members = this.sequence("(", depth);
    const [only] = members;
    const hadComma = /,[\s\\]*\)$/.test(this.text.slice(Math.max(began, this.at - 64), this.at));
    return members.length === 1 && only !== undefined && !hadComma ? only : members;
  }

  private strings(): string {
    let joined = "";
    for (let start = this.take(STRING_START); start !== null; start = this.take(STRING_START)) {
      joined += this.string((start[1] ?? "").toLowerCase().includes("r"), start[2] ?? "'");
      const after = this.at;
      this.take(SPACE);
      if (this.peek(STRING_START)) continue;
      this.at = after;
      break;
    }
    return joined;
  }

  private string(raw: boolean, quote: string): string {
    const parts: string[] = [];
    for (;;) {
      const from = this.at;
      while (this.at < this.text.length && this.text[this.at] !== "\\" && this.text[this.at] !== quote[0])
        this.at += 1;
      parts.push(this.text.slice(from, this.at));
      if (this.at >= this.text.length) throw UNREADABLE;
      if (this.text[this.at] === "\\") parts.push(this.escape(raw));
      else if (this.text.startsWith(quote, this.at)) {
        this.at += quote.length;
        return parts.join("");
      } else parts.push(this.text[this.at++] ?? "");
    }
  }

  private escape(raw: boolean): string {
    const [, code = "", hex] =
      /^\\(x([\da-fA-F]{2})|u([\da-fA-F]{4})|U([\da-fA-F]{8})|[\s\S])/u.exec(
        this.text.slice(this.at, this.at + 12),
      ) ?? [];
    if (code === "") throw UNREADABLE;
    this.at += 1 + code.length;
    if (raw) return `\\${code}`;
    if (hex !== undefined || code.length > 2) return fromHex(code.slice(1));
    return ESCAPES[code] ?? `\\${code}`;
  }

  /** A name, a call, an object's `<…>`: taken as its text, with whatever is in its brackets. */
  private other(depth: number): PythonValue {
    const began = this.at;
    if (this.text[began] === "<") this.angles();
    else if (this.take(WORD) === null) throw UNREADABLE;
    const word = this.text.slice(began, this.at);
    if (this.text[this.at] === "(") {
      this.callArguments(depth);
      return { text: this.text.slice(began, this.at) };
    }
    const known = Object.hasOwn(WORDS, word) ? WORDS[word] : undefined;
    return known === undefined ? { text: word } : known;
  }

  private angles(): void {
    let open = 0;
    for (; this.at < this.text.length; this.at += 1) {
      if (this.text[this.at] === "<") open += 1;
      if (this.text[this.at] === ">") open -= 1;
      if (open > 0) continue;
      this.at += 1;
      return;
    }
    throw UNREADABLE;
  }

  /** `datetime.datetime(2026, 8, 1, tzinfo=datetime.timezone.utc)`: named arguments are `name=value`. */
  private callArguments(depth: number): void {
    this.at += 1;
    while (!this.closes(")")) {
      this.take(/[\s]*[A-Za-z_]\w*=(?=[^=])/y);
      this.value(depth + 1);
      this.comma(")");
    }
  }

  private closes(closer: string): boolean {
    return this.accept(closer);
  }

  private comma(closer: string): void {
    if (this.accept(",")) return;
    this.take(SPACE);
    if (this.text[this.at] !== closer) throw UNREADABLE;
  }

  private accept(mark: string): boolean {
    this.take(SPACE);
    if (this.text[this.at] !== mark) return false;
    this.at += 1;
    return true;
  }

  private take(pattern: RegExp): RegExpExecArray | null {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.text);
    if (found !== null) this.at += found[0].length;
    return found;
  }

  private peek(pattern: RegExp): boolean {
    pattern.lastIndex = this.at;
    return pattern.test(this.text);
  }
}

function fromHex(digits: string): string {
  const code = Number.parseInt(digits, 16);
  return code <= 0x10ffff ? String.fromCodePoint(code) : "\ufffd";
}

function toNumber(text: string): number | { text: string } {
  const value = Number(text.replaceAll("_", ""));
  return Number.isNaN(value) ? { text } : value;
}
