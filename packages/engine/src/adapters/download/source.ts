import type { RemoteContent } from "../../ports/downloader.ts";
import { refused } from "./download-errors.ts";
import { openFileUrl } from "./file-source.ts";
import { openHttp } from "./http-source.ts";
import type { OpenSource } from "./opened-source.ts";

/**
 * What gives the content of a URL.
 * @throws DOWNLOAD_REFUSED for one that nothing can read, or that holds a password
 */
export function sourceOf(content: RemoteContent): OpenSource {
  const url = URL.canParse(content.url) ? new URL(content.url) : undefined;
  switch (url?.protocol) {
    case "http:":
    case "https:":
      if (url.username === "" && url.password === "") return openHttp;
      throw refused({ ...content, url: url.host }, "its URL holds a user or password");
    case "file:":
      return openFileUrl;
    default:
      throw refused(content, "it is no URL of http:, https: or file:");
  }
}
