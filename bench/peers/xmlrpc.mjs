/** The little of XML-RPC that is needed to talk to supervisord. */

/** @typedef {{ close: boolean, tag: string, empty: boolean, text: string }} Token `text`: what follows the tag */

/**
 * @param {string} method
 * @param {readonly unknown[]} params
 */
export function encodeCall(method, params) {
  const values = params.map((param) => `<param>${encode(param)}</param>`).join("");
  return `<?xml version="1.0"?><methodCall><methodName>${method}</methodName><params>${values}</params></methodCall>`;
}

/** @param {unknown} value */
function encode(value) {
  if (typeof value === "boolean") return `<value><boolean>${value ? 1 : 0}</boolean></value>`;
  if (typeof value === "number") return `<value><int>${value}</int></value>`;
  const text = String(value).replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;");
  return `<value><string>${text}</string></value>`;
}

/**
 * @param {string} xml
 * @returns {any}
 * @throws Error with the text of a fault
 */
export function decodeResponse(xml) {
  const value = new Reader(xml).first();
  if (xml.includes("<fault>")) throw new Error(value.faultString);
  return value;
}

class Reader {
  at = 0;

  /** @param {string} xml */
  constructor(xml) {
    /** @type {Token[]} */
    this.tokens = [...xml.matchAll(/<(\/?)([a-zA-Z0-9.]+)\s*(\/?)>([^<]*)/g)].map(
      ([, close, tag = "", empty, text = ""]) => ({ close: close === "/", tag, empty: empty === "/", text }),
    );
  }

  first() {
    return this.value(this.skipTo("value"));
  }

  /** @returns {Token} */
  next() {
    const token = this.tokens[this.at];
    if (token === undefined) throw new Error("The XML ends too early.");
    this.at += 1;
    return token;
  }

  /**
   * @param {string} tag
   * @param {boolean} [close]
   */
  skipTo(tag, close = false) {
    let token = this.next();
    while (token.tag !== tag || token.close !== close) token = this.next();
    return token;
  }

  /**
   * @param {Token} opening its `<value>`
   * @returns {any}
   */
  value(opening) {
    const token = this.next();
    if (token.tag === "value" && token.close) return decodeText(opening.text);
    const value =
      token.tag === "struct" ? this.struct(token) : token.tag === "array" ? this.array() : this.scalar(token);
    this.skipTo("value", true);
    return value;
  }

  /** @param {Token} opening */
  struct(opening) {
    /** @type {Record<string, any>} */
    const members = {};
    if (opening.empty) return members;
    for (let token = this.next(); token.tag !== "struct"; token = this.next()) {
      if (token.tag !== "member" || token.close) continue;
      const name = decodeText(this.skipTo("name").text);
      members[name] = this.value(this.skipTo("value"));
      this.skipTo("member", true);
    }
    return members;
  }

  array() {
    /** @type {any[]} */
    const items = [];
    if (!this.skipTo("data").empty)
      for (let token = this.next(); token.tag !== "data"; token = this.next())
        if (token.tag === "value" && !token.close) items.push(this.value(token));
    this.skipTo("array", true);
    return items;
  }

  /** @param {Token} token */
  scalar({ tag, text }) {
    if (["int", "i4", "double"].includes(tag)) return Number(text);
    if (tag === "boolean") return text.trim() === "1";
    if (tag === "base64") return Buffer.from(text, "base64").toString();
    return tag === "nil" ? null : decodeText(text);
  }
}

/** @param {string} text */
function decodeText(text) {
  return text
    .replace(/&lt;/g, "<")
    .replace(/&gt;/g, ">")
    .replace(/&quot;/g, '"')
    .replace(/&apos;/g, "'")
    .replace(/&amp;/g, "&");
}
