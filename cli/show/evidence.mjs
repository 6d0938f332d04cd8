/**
 * The facts a verdict rests on, as pairs. A live run is judged twice, by its health and by what it could go on from; a fact both
 * rest on is told once.
 * @param {readonly { fact: string, value: string, at?: string | null }[]} evidence
 * @returns {(readonly [string, string])[]}
 */
export function evidencePairs(evidence) {
  return evidence
    .filter(({ fact }, at) => evidence.findIndex((other) => other.fact === fact) === at)
    .map(({ fact, value }) => /** @type {const} */ ([`  ${fact}`, value]));
}
