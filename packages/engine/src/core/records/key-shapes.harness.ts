/** So many characters that are no key. */
function characters(count: number, alphabet = "aB3dE6fG9hJ2kL5mN8pQ"): string {
  return alphabet.repeat(Math.ceil(count / alphabet.length)).slice(0, count);
}

/** One made-up key of each kind that is known by its shape. Put together here, so that no text of ours is one. */
export function keyShapes(): Readonly<Record<string, string>> {
  const hex = (count: number): string => characters(count, "0a1b2c3d4e5f6789");
  const upper = (count: number): string => characters(count, "ABCDEFGH2345JKLM");
  return {
    "an AWS identifier": `AKIA${upper(16)}`,
    "an AWS session identifier": `ASIA${upper(16)}`,
    "a GitHub token": `ghp_${characters(36)}`,
    "a GitHub token of fine grain": `github_pat_${characters(22)}_${characters(59)}`,
    "a GitLab token": `glpat-${characters(20)}`,
    "a Slack token": `xoxb-${characters(12, "1234567890")}-${characters(24)}`,
    "a Slack hook": `https://hooks.slack.com/services/T0/B0/${characters(24)}`,
    "a Google key": `AIza${characters(35)}`,
    "a Google token": `ya29.${characters(60)}`,
    "a key of a payment service": `sk_live_${characters(24)}`,
    "a key of a model service": `sk-proj-${characters(48)}`,
    "a mail key": `SG.${characters(22)}.${characters(43)}`,
    "an npm token": `npm_${characters(36)}`,
    "a PyPI token": `pypi-${characters(60)}`,
    "a model hub token": `hf_${characters(34)}`,
    "a container hub token": `dckr_pat_${characters(27)}`,
    "a Databricks token": `dapi${hex(32)}`,
    "a vault token": `hvs.${characters(90)}`,
    "an age key": `AGE-SECRET-KEY-1${upper(58)}`,
    "a JSON web token": `eyJ${characters(20)}.eyJ${characters(30)}.${characters(43)}`,
    "a bearer token": `Bearer ${characters(40)}`,
    "a private key": `-----BEGIN ${"RSA"} PRIVATE KEY-----\n${characters(64)}\n-----END RSA PRIVATE KEY-----`,
    "an address with a password": `postgres://me:${characters(12)}@db.example/x`,
    "an address with a token": `https://${characters(40)}@git.example/x.git`,
    "an assignment to a secret": `client_secret=${characters(12)}`,
  };
}
