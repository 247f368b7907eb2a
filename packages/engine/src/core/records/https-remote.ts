/** SSH hosts that services offer on other ports, and the host of their pages. */
const pageHosts: Readonly<Record<string, string>> = {
  "ssh.github.com": "github.com",
  "altssh.gitlab.com": "gitlab.com",
  "altssh.bitbucket.org": "bitbucket.org",
};

const schemes = /^(?:git\+)?(https?|ssh|git)(?:\+git|\+ssh)?:$/;

/** `host:path`, `user@host:path` and `[user@host:port]:path`; a path with a colon, or a Windows drive, is none. */
const scpLike = /^(?:[^\s/@:[\]]+@)?(?:\[(?:[^\s/@[\]]+@)?([^\s/@:[\]]+)(?::\d+)?\]|([^\s/@:[\]]{2,})):(.+)$/;

/**
 * The https form of a git remote: host and path, without user, password, query and `.git`. The port of an http(s)
 * remote stays (and http with it, as its port is of that), the port of an ssh remote does not.
 * @returns undefined for a remote that has no such form: a folder, or a helper of its own
 * @source git-fetch(1), "GIT URLS"
 */
export function httpsRemote(remote: string): string | undefined {
  const text = remote.trim();
  return text.includes("://") ? fromUrl(text) : fromScpLike(text);
}

function fromUrl(text: string): string | undefined {
  if (!URL.canParse(text)) return undefined;
  const url = new URL(text);
  const scheme = schemes.exec(url.protocol)?.[1];
  if (scheme === undefined || url.hostname === "") return undefined;
  const web = scheme.startsWith("http");
  const plain = web && url.protocol.endsWith("http:") && url.port !== "";
  return join(web ? url.host : url.hostname, url.pathname, plain ? "http" : "https");
}

function fromScpLike(text: string): string | undefined {
  const found = scpLike.exec(text);
  const [host, path] = [found?.[1] ?? found?.[2], found?.[3]];
  // `helper::address` names a remote helper.
  if (host === undefined || path === undefined || path.startsWith(":") || text.startsWith("."))
    return undefined;
  return join(host, path.split("/").map(encodeURIComponent).join("/"), "https");
}

// allow-parameters: host, path and scheme are the parts of one address
function join(host: string, path: string, scheme: string): string | undefined {
  const name = path
    .replace(/^\/+/, "")
    .replace(/\/+$/, "")
    .replace(/\.git$/, "");
  const page = pageHosts[host.toLowerCase()] ?? host.toLowerCase();
  return name === "" ? undefined : `${scheme}://${page}/${name}`;
}
