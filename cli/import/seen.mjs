/**
 * Which texts were met before, 16 bytes each whatever their length: ids of a million rows fit in 32 MB. Two texts are taken for one
 * with a chance of one in ten million among a million.
 */
export class Seen {
  size = 0;
  slots = new Uint32Array(2 * 1_024);

  /** @param {string} text @returns {boolean} whether it is new */
  add(text) {
    const [one, two] = hashesOf(text);
    if (!this.put(one, two)) return false;
    this.size += 1;
    if (this.size * 4 > this.slots.length) this.grow();
    return true;
  }

  /** @param {string} text */
  has(text) {
    const [one, two] = hashesOf(text);
    // The second half of a hash is never 0, as an empty slot's is.
    return this.slots[2 * this.slotOf(one, two) + 1] === two;
  }

  /** @param {number} one @param {number} two */
  put(one, two) {
    const at = this.slotOf(one, two);
    if (this.slots[2 * at] === one && this.slots[2 * at + 1] === two) return false;
    this.slots[2 * at] = one;
    this.slots[2 * at + 1] = two;
    return true;
  }

  /** Where it stands, or would stand. @param {number} one @param {number} two */
  slotOf(one, two) {
    const mask = this.slots.length / 2 - 1;
    for (let at = one & mask; ; at = (at + 1) & mask) {
      const [first, second] = [this.slots[2 * at], this.slots[2 * at + 1]];
      if ((first === one && second === two) || (first === 0 && second === 0)) return at;
    }
  }

  grow() {
    const before = this.slots;
    this.slots = new Uint32Array(before.length * 2);
    for (let at = 0; at < before.length; at += 2) {
      const [one = 0, two = 0] = [before[at], before[at + 1]];
      if (one !== 0 || two !== 0) this.put(one, two);
    }
  }
}

/** Two independent halves, mixed as MurmurHash3 does at its end. @param {string} text @returns {[number, number]} */
function hashesOf(text) {
  let one = 0xdeadbeef;
  let two = 0x41c6ce57;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    one = Math.imul(one ^ code, 2_654_435_761);
    two = Math.imul(two ^ code, 1_597_334_677);
  }
  one = mixed(one) ^ mixed(two ^ text.length);
  two = mixed(two ^ (one >>> 3));
  return [one >>> 0, two >>> 0 || 1];
}

/** @param {number} given */
function mixed(given) {
  let value = Math.imul(given ^ (given >>> 16), 2_246_822_507);
  value = Math.imul(value ^ (value >>> 13), 3_266_489_909);
  return value ^ (value >>> 16);
}
