/**
 * Whether the Nodes of the registry can run here. They need Linux, glibc 2.28 or newer, and an x64 or arm64 processor.
 *
 * @typedef {{ platform: string, arch: string, glibc: string | null }} Machine `glibc` null: another C library, as on Alpine
 */

const LEAST_GLIBC = 28;

/** @returns {Machine} */
export function thisMachine() {
  const report = /** @type {{ header: { glibcVersionRuntime?: string } }} */ (
    /** @type {unknown} */ (process.report?.getReport())
  );
  return {
    platform: process.platform,
    arch: process.arch,
    glibc: report?.header.glibcVersionRuntime ?? null,
  };
}

/**
 * @param {Machine} machine
 * @returns {string | null} one clause without a full stop
 */
export function machineProblem({ platform, arch, glibc }) {
  if (platform !== "linux") return `there is none for ${platform}`;
  if (arch !== "x64" && arch !== "arm64") return `there is none for ${arch} processors`;
  if (glibc === null) return "it needs glibc, and this system uses another C library (musl, as Alpine does)";
  const [major = 0, minor = 0] = glibc.split(".").map(Number);
  if (major > 2 || (major === 2 && minor >= LEAST_GLIBC)) return null;
  return `it needs glibc 2.${LEAST_GLIBC} or newer, and this system has ${glibc}`;
}
