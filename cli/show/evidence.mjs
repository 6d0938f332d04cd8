/**
 * The facts a verdict rests on, as pairs.
 * @param {readonly { fact: string, value: string, at?: string | null }[]} evidence
 * @returns {(readonly [string, string])[]}
 */
export function evidencePairs(evidence) {
  return evidence.map(({ fact, value }) => /** @type {const} */ ([`  ${fact}`, value]));
}
