/** What goes wrong with a page: the first four can be scraped in the end, the last three never. */
export type Trouble = "none" | "slow" | "busy" | "flaky" | "cut-off" | "no-price" | "dead";

export interface Category {
  readonly slug: string;
  readonly name: string;
}

export interface Product {
  readonly sku: string;
  readonly title: string;
  /** In euros, two decimals. */
  readonly price: number;
  /** The slug of its category. */
  readonly category: string;
  /** Below the shop's prefix, for example `/p/sku-00040`. */
  readonly path: string;
  readonly trouble: Trouble;
  /** How long a `slow` page takes; 0 for all others. */
  readonly delayMs: number;
  /** How many times in a row a `busy` (429) or `flaky` (500) page refuses before it answers. */
  readonly refusals: number;
}

export interface Catalogue {
  readonly products: readonly Product[];
  readonly byPath: ReadonlyMap<string, Product>;
  readonly byCategory: ReadonlyMap<string, readonly Product[]>;
}

export interface ShopRequest {
  /** Path below the prefix; a query string is ignored. */
  readonly path: string;
  /** Where the shop is mounted, for example `/demo/shop`. Default: the root. */
  readonly prefix?: string;
}

export interface ShopAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** The caller waits this long before it sends the answer. */
  readonly delayMs: number;
}

export interface ShopOptions {
  /** Default 2,000. */
  readonly productCount?: number;
  /** Scales every delay and Retry-After; 0 answers at once. Default 1. */
  readonly slow?: number;
}

export interface Shop {
  readonly catalogue: Catalogue;
  respond(request: ShopRequest): ShopAnswer;
}

export const CATEGORIES: readonly Category[];
export const PRODUCT_COUNT: 2000;
export const BROKEN_PRODUCT_COUNT: 7;
export const GOOD_PRODUCT_COUNT: 1993;

/** The whole catalogue: the same bytes on every machine. */
export const PRODUCTS: readonly Product[];

/** A catalogue of another size, always with seven broken products. Throws RangeError outside 10…2000. */
export function createCatalogue(productCount: number): Catalogue;

/** True for a page no scraper can read. */
export function isBroken(product: Product): boolean;

/** Pure: `attempt` counts the requests for this path since it last answered well, from 1. */
export function respond(
  request: ShopRequest & {
    readonly attempt?: number;
    readonly catalogue?: Catalogue;
    readonly slow?: number;
  },
): ShopAnswer;

/** A shop that counts the attempts by itself. */
export function createShop(options?: ShopOptions): Shop;
