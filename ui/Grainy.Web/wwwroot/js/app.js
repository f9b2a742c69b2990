// What every page needs: theme, the strip that tells of a lost connection, copying, and the mark that a page is live.

export function live() {
  document.body.dataset.live = "true";
}

export function setTheme(theme) {
  document.documentElement.dataset.theme = theme;
  document.querySelector('meta[name="color-scheme"]').content = theme;
  document.cookie = `grainy.theme=${theme}; path=/; max-age=31536000; samesite=lax`;
}

export async function copyText(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    // Without a secure context there is no clipboard API; a selected field and the old command still work.
    const field = Object.assign(document.createElement("textarea"), { value: text });
    field.style.position = "fixed";
    field.style.opacity = "0";
    document.body.append(field);
    field.select();
    const copied = document.execCommand("copy");
    field.remove();
    return copied;
  }
}

// The framework looks for this element and sends it an event at each change of the connection. Pictures and divider go on without it.
const words = {
  show: "Connection lost. Reconnecting…",
  retrying: "Connection lost. Reconnecting…",
  paused: "This page is paused.",
  failed: "The server cannot be reached. Trying again…",
  rejected: "The server was restarted. Loading the page again…",
  "resume-failed": "The server was restarted. Loading the page again…",
};

function strip() {
  const element = document.getElementById("connection-strip");
  const modal = document.getElementById("components-reconnect-modal");
  let retry = 0;

  // The page and its components may load this module under two addresses; the strip is wired once.
  if (!modal || modal.dataset.wired) {
    return;
  }
  modal.dataset.wired = "true";

  modal.addEventListener("components-reconnect-state-changed", async ({ detail: { state } }) => {
    element.hidden = state === "hide";
    element.textContent = words[state] ?? "";
    clearTimeout(retry);
    if (state === "hide") {
      return;
    }
    delete document.body.dataset.live;
    if (state === "failed") {
      const again = async () => {
        try {
          const back = await fetch("/health/live", { cache: "no-store" });
          if (back.ok && !(await Blazor.reconnect())) {
            location.reload();
            return;
          }
          if (back.ok) {
            live();
            element.hidden = true;
            return;
          }
        } catch {
          // Still away.
        }
        retry = setTimeout(again, 3000);
      };
      retry = setTimeout(again, 1000);
    } else if (state === "rejected" || state === "resume-failed") {
      location.reload();
    }
  });

  new MutationObserver(() => {
    if (element.hidden && document.body.dataset.live === undefined && document.querySelector(".shell")) {
      live();
    }
  }).observe(element, { attributes: true, attributeFilter: ["hidden"] });
}

strip();

export function selectAll(id) {
  document.getElementById(id)?.select();
}

/** Puts what an address answers into the clipboard. */
export async function copyFrom(url) {
  const answer = await fetch(url);
  return answer.ok && copyText(await answer.text());
}
