const SECRET_WORDS =
  "TOKEN SECRET SECRETS PASSWORD PASSWD PASSPHRASE PASS SSHPASS PWD KEY APIKEY CREDENTIAL CREDENTIALS COOKIE BEARER DSN".split(
    " ",
  );
/** Also at the end of a word: `PGPASSWORD`, `AUTHTOKEN`. `COMPASS` ends in a shorter one. */
const SECRET_ENDS = /(PASSWORD|PASSWD|PASSPHRASE|TOKEN)$/;
/** `KEY_FILE`, `TOKEN_URL`, `ACCESS_KEY_ID` say where a secret is or which one, not what it is. */
const SAYS_ABOUT =
  "FILE PATH DIR FOLDER ID NAME URL URI HOST PORT TYPE LENGTH LEN SIZE COUNT TTL AGE LIMIT TIMEOUT PREFIX HEADER ALGORITHM".split(
    " ",
  );
const NO_SECRETS = /^(OLD)?PWD$|(^|_)(PRIMARY|PUBLIC|CACHE|SORT|PARTITION)_KEY$/;

/** Guesses by the words of a name whether its value is one to hide. It only proposes: people decide. */
export function looksSecret(name: string): boolean {
  const plain = name.replaceAll(/([a-z0-9])([A-Z])/g, "$1_$2").toUpperCase();
  const words = plain.split("_").filter((word) => word !== "");
  if (NO_SECRETS.test(plain) || SAYS_ABOUT.includes(words.at(-1) ?? "")) return false;
  // `REDISCLI_AUTH` is a password; `AUTH` alone mostly says how.
  if (words.length > 1 && words.at(-1) === "AUTH") return true;
  return words.some((word) => SECRET_WORDS.includes(word) || SECRET_ENDS.test(word));
}

/** Whether it is a URL with a user or a password in it, such as that of a proxy. */
export function holdsCredentials(value: string): boolean {
  return /^[a-z][a-z0-9+.-]*:\/\/[^/?#\s]*@/i.test(value);
}
