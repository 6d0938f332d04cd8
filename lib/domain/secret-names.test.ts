import { expect, test } from "vitest";
import { holdsCredentials, looksSecret } from "./secret-names";

const YES =
  "TOKEN API_TOKEN apiToken DB_PASSWORD SECRET_KEY AWS_SECRET_ACCESS_KEY KEY SHOP_APIKEY MYSQL_PWD SENTRY_DSN SSH_PASSPHRASE session_cookie PGPASSWORD SSHPASS MYSQLPASSWD GPGPASSPHRASE AUTHTOKEN accesstoken REDISCLI_AUTH npm_config__auth";
const NO =
  "MAX_TOKENS MONKEY KEYBOARD_LAYOUT TOKENIZER COMPASS PASSENGERS PWD OLDPWD TOKEN_URL SSH_KEY_FILE AWS_ACCESS_KEY_ID PRIMARY_KEY CACHE_KEY PASSWORD_LENGTH SECRETARY REGION PGPASSWORD_FILE AUTH AUTH_URL SSH_AUTH_SOCK AUTHOR BYPASS";

test.each(YES.split(" "))("CR-7.4 the name %s looks like that of a secret", (name) =>
  expect(looksSecret(name)).toBe(true),
);

test.each(NO.split(" "))("CR-7.4 the name %s does not", (name) => expect(looksSecret(name)).toBe(false));

test("a URL with a user in it holds credentials, an address elsewhere in it does not", () => {
  for (const url of ["http://u:p@proxy:3128", "socks5h://u@proxy", "postgres://u:p@h/db"])
    expect(holdsCredentials(url)).toBe(true);
  for (const url of ["http://proxy:3128", "https://h/?mail=a@b.c", "https://h/@me", "me@example.org"])
    expect(holdsCredentials(url)).toBe(false);
});
