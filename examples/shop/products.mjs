/**
 * @typedef {import("./catalogue.mjs").Product} Product
 * @typedef {import("./catalogue.mjs").Catalogue} Catalogue
 * @typedef {import("./catalogue.mjs").Trouble} Trouble
 */

export const PRODUCT_COUNT = 2000;
export const BROKEN_PRODUCT_COUNT = 7;
export const GOOD_PRODUCT_COUNT = PRODUCT_COUNT - BROKEN_PRODUCT_COUNT;

const SEED = 20_417;
const SMALLEST = 10;

/** @type {readonly Trouble[]} */
const BROKEN = ["cut-off", "no-price", "dead"];

const LOOKS = [
  "Quiet",
  "Nordic",
  "Little",
  "Everyday",
  "Harbour",
  "Morning",
  "Folding",
  "Classic",
  "Coastal",
  "Orchard",
];
const MATERIALS = [
  "Oak",
  "Linen",
  "Enamel",
  "Copper",
  "Wool",
  "Stoneware",
  "Birch",
  "Cotton",
  "Brass",
  "Cork",
];

const GOODS = [
  { slug: "kitchen", name: "Kitchen", nouns: ["Kettle", "Mixing Bowl", "Ladle", "Bread Board", "Salt Jar"] },
  { slug: "garden", name: "Garden", nouns: ["Trowel", "Watering Can", "Planter", "Seed Box", "Bird House"] },
  {
    slug: "lighting",
    name: "Lighting",
    nouns: ["Desk Lamp", "Lantern", "Pendant", "Candle Holder", "Night Light"],
  },
  {
    slug: "paper",
    name: "Paper & Pens",
    nouns: ["Notebook", "Pencil Case", "Letter Tray", "Diary", "Ink Stand"],
  },
  {
    slug: "tools",
    name: "Tools",
    nouns: ["Hammer", "Tape Measure", "Work Apron", "Tool Roll", "Hand Plane"],
  },
  { slug: "textiles", name: "Textiles", nouns: ["Blanket", "Cushion", "Tea Towel", "Throw", "Table Runner"] },
  { slug: "toys", name: "Toys", nouns: ["Train", "Spinning Top", "Puzzle", "Kite", "Building Set"] },
  { slug: "travel", name: "Travel", nouns: ["Weekend Bag", "Flask", "Wash Bag", "Picnic Set", "Map Case"] },
];

export const CATEGORIES = GOODS.map(({ slug, name }) => ({ slug, name }));

/**
 * @param {number} productCount
 * @returns {Catalogue}
 */
export function createCatalogue(productCount) {
  if (!Number.isInteger(productCount) || productCount < SMALLEST || productCount > PRODUCT_COUNT) {
    throw new RangeError(`Expected ${SMALLEST} to ${PRODUCT_COUNT} products, found ${productCount}.`);
  }
  const broken = brokenNumbers(productCount);
  const products = Array.from({ length: productCount }, (_, index) => productOf(index + 1, broken));
  return {
    products,
    byPath: new Map(products.map((product) => [product.path, product])),
    byCategory: new Map(
      CATEGORIES.map(({ slug }) => [slug, products.filter((product) => product.category === slug)]),
    ),
  };
}

/** @param {Product} product */
export function isBroken(product) {
  return BROKEN.includes(product.trouble);
}

/**
 * Spread evenly, so that every size has the same number of them and no stretch of pages is all bad.
 * @param {number} productCount
 * @returns {Map<number, Trouble>}
 */
function brokenNumbers(productCount) {
  /** @type {Map<number, Trouble>} */
  const broken = new Map();
  for (let turn = 0; turn < BROKEN_PRODUCT_COUNT; turn += 1) {
    const number = Math.ceil(((turn + 0.5) * productCount) / BROKEN_PRODUCT_COUNT);
    broken.set(number, pick(BROKEN, turn));
  }
  return broken;
}

/**
 * @param {number} number
 * @param {Map<number, Trouble>} broken
 * @returns {Product}
 */
function productOf(number, broken) {
  const goods = pick(GOODS, noise(number, 1));
  const id = String(number).padStart(5, "0");
  const trouble = broken.get(number) ?? passingTrouble(noise(number, 2) % 1000);
  return {
    sku: `SKU-${id}`,
    title: `${pick(LOOKS, noise(number, 3))} ${pick(MATERIALS, noise(number, 4))} ${pick(goods.nouns, noise(number, 5))}`,
    price: (295 + (noise(number, 6) % 240) * 50) / 100,
    category: goods.slug,
    path: `/p/sku-${id}`,
    trouble,
    delayMs: trouble === "slow" ? 300 + (noise(number, 7) % 1201) : 0,
    refusals: trouble === "busy" ? 1 + (noise(number, 8) % 2) : trouble === "flaky" ? 1 : 0,
  };
}

/**
 * @param {number} perMille
 * @returns {Trouble}
 */
function passingTrouble(perMille) {
  if (perMille < 30) return "slow";
  if (perMille < 45) return "busy";
  if (perMille < 60) return "flaky";
  return "none";
}

/**
 * An integer hash (murmur3's last step): no Math.random and no floating point, so every machine agrees.
 * @param {number} number
 * @param {number} salt
 */
function noise(number, salt) {
  let hash = Math.imul(number + SEED, 0x9e3779b1) ^ Math.imul(salt, 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

/**
 * @template T
 * @param {readonly T[]} list never empty
 * @param {number} number
 * @returns {T}
 */
function pick(list, number) {
  return /** @type {T} */ (list[number % list.length]);
}
