/** What stands in place of a secret. */
export const censored = "[redacted]";

/** Names of keys, variables and options whose value is a secret. */
export const secretName =
  /pass(?:word|wd|phrase)|secret|token|credential|authorization|cookie|(?:api|access|account|private|signing)[-_]?key/i;

/** Parts of names of variables that are secrets; in running text they would be too many. */
const secretPart = /(?:^|[_.-])(?:auth|creds?|dsn|key|keys|pat|pin|pass|pw|pwd|sas|webhook)(?:$|[_.-])/i;

/** True if a variable with this name is likely to hold a secret. */
export function isSecretVariable(name: string): boolean {
  return secretName.test(name) || secretPart.test(name);
}

/** Shapes of values that are secrets whatever they are called, with what stays of them. */
export const secretShapes: readonly (readonly [shape: RegExp, stays: string])[] = [
  [/-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)/g, censored],
  // The password of a URL, and a token in place of its user.
  [/(\b[a-z][a-z0-9+.-]*:\/\/[^\s/@:"']*:)[^\s/@"']+@/gi, `$1${censored}@`],
  [/(\bhttps?:\/\/)[\w-]{20,}@/gi, `$1${censored}@`],
  [/\b(Bearer|Basic) +[A-Za-z0-9+/=._~-]{16,}/g, `$1 ${censored}`],
  // A JSON web token.
  [/\beyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]+/g, censored],
  // Identifiers and tokens of AWS, GitHub, GitLab and Slack.
  [/\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/g, censored],
  [/\b(?:gh[pousr]_|github_pat_|gl(?:pat|dt|rt|cbt|ptt|agent)-|xox[abeprs]-|xapp-)[\w-]{16,}/g, censored],
  // Google: keys of programs, tokens and secrets of clients.
  [/\bAIza[\w-]{35}|\bya29\.[\w-]{20,}|\bGOCSPX-[\w-]{20,}/g, censored],
  // Services of models and payments: a short prefix, then many characters and digits.
  [/\b(?:sk|pk|rk)[-_](?=[\w-]*\d)[\w-]{20,}/g, censored],
  [/\bSG\.[\w-]{16,}\.[\w-]{16,}/g, censored],
  // Package registries, model hubs, container hubs, shops, trackers, vaults.
  [/\b(?:npm_|hf_)[A-Za-z0-9]{30,}|\bdapi[0-9a-f]{32}/g, censored],
  [
    /\b(?:pypi-|dckr_pat_|do[opr]_v1_|shp(?:at|ca|pa|ss)_|glsa_|lin_api_|hv[sb]\.|ATATT3)[\w-]{20,}/g,
    censored,
  ],
  [/\bAGE-SECRET-KEY-1[A-Z0-9]{20,}/g, censored],
  [/\bhttps:\/\/hooks\.slack\.com\/\S+/g, censored],
];

/** True if a text holds something in the shape of a known kind of key. */
export function holdsSecret(text: string): boolean {
  return secretShapes.some(([shape, stays]) => text.replace(shape, stays) !== text);
}

/** Files that hold keys by their purpose. */
const secretFile =
  /(?:^|\/)(?:\.env(?:\.[^/]*)?|\.netrc|_netrc|\.pgpass|\.npmrc|\.pypirc|\.htpasswd|id_(?:rsa|dsa|ecdsa|ed25519)|credentials(?:\.\w+)?|[^/]*\.(?:pem|key|p12|pfx|jks|keystore|kdbx))$/i;

/** True if a file is named like one that holds keys. */
export function isSecretFile(path: string): boolean {
  return secretFile.test(path);
}
