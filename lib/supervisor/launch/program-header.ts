/** ELF's `e_machine`, as far as Node runs on it; /usr/include/elf.h. */
const MACHINES: Readonly<Record<number, { readonly arch: string; readonly name: string }>> = {
  3: { arch: "ia32", name: "32-bit x86" },
  21: { arch: "ppc64", name: "POWER" },
  22: { arch: "s390x", name: "s390x" },
  40: { arch: "arm", name: "32-bit ARM" },
  62: { arch: "x64", name: "x86-64" },
  183: { arch: "arm64", name: "ARM64" },
  243: { arch: "riscv64", name: "RISC-V" },
  258: { arch: "loong64", name: "LoongArch" },
};
/** A 64-bit machine usually runs programs of its 32-bit ancestor. */
const ALSO_RUNS: Readonly<Record<string, string>> = { x64: "ia32", arm64: "arm" };
const PT_INTERP = 3;

type Binary = { readonly problem: string } | { readonly loader: string };

/**
 * What keeps the system from running a program file, by its first bytes.
 * @param arch as `process.arch` says it
 * @returns a predicate for after its path, or the loader that has to be there; null: nothing that the bytes tell
 */
export function binaryProblem(bytes: Buffer, arch: string): Binary | null {
  const magic = bytes.subarray(0, 4).toString("latin1");
  if (magic !== "\x7fELF") return foreign(bytes);
  if (bytes.length < 64)
    return { problem: "is cut off: it starts like a program and ends too early (Exec format error)." };
  const bigEndian = bytes[5] === 2;
  const machine = bigEndian ? bytes.readUInt16BE(18) : bytes.readUInt16LE(18);
  const its = MACHINES[machine];
  if (its === undefined || (its.arch !== arch && ALSO_RUNS[arch] !== its.arch)) {
    const ours = Object.values(MACHINES).find((each) => each.arch === arch)?.name ?? arch;
    return {
      problem: `is a program for ${its?.name ?? `machine type ${machine}`}, and this host is ${ours} (Exec format error).`,
    };
  }
  const loader = bytes[4] === 2 && !bigEndian ? loaderOf(bytes) : null;
  return loader === null ? null : { loader };
}

function foreign(bytes: Buffer): Binary | null {
  const begins = bytes.toString("hex", 0, 4);
  if (begins.startsWith("4d5a")) return { problem: "is a program for Windows (Exec format error)." };
  if (["cffaedfe", "cefaedfe", "cafebabe"].includes(begins))
    return { problem: "is a program for macOS (Exec format error)." };
  return bytes.length === 0 ? { problem: "is empty." } : null;
}

/** Of a 64-bit little-endian file, the path in its PT_INTERP segment; null: it has none, or it stands further in. */
function loaderOf(bytes: Buffer): string | null {
  const table = Number(bytes.readBigUInt64LE(32));
  const size = bytes.readUInt16LE(54);
  const count = bytes.readUInt16LE(56);
  for (let index = 0; index < count; index += 1) {
    const at = table + index * size;
    if (at + 56 > bytes.length) return null;
    if (bytes.readUInt32LE(at) !== PT_INTERP) continue;
    const from = Number(bytes.readBigUInt64LE(at + 8));
    const to = from + Number(bytes.readBigUInt64LE(at + 32)) - 1;
    return to <= bytes.length && to > from ? bytes.toString("utf8", from, to) : null;
  }
  return null;
}
