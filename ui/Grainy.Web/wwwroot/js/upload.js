// Uploads: the files stay here; the server page only learns, some at a time, which images have arrived.
const PARALLEL = 3;
const BATCH = 20;
const BATCH_MS = 400;
const SHOWN_DONE = 4;

let active = null;

export function attach(input, panel, page) {
  detach();
  active = new Uploads(input, panel, page);
}

export function detach() {
  active?.dispose();
  active = null;
}

class Uploads {
  constructor(input, panel, page) {
    Object.assign(this, { input, panel, page, queue: [], running: 0, done: [], total: 0, finished: 0, failed: 0, target: null, flushTimer: 0, depth: 0 });
    this.stop = new AbortController();
    const on = (target, type, handler) => target.addEventListener(type, handler, { signal: this.stop.signal });
    on(document, "dragenter", (e) => this.drag(e, 1));
    on(document, "dragleave", (e) => this.drag(e, -1));
    on(document, "dragover", (e) => hasFiles(e) && e.preventDefault());
    on(document, "drop", (e) => this.drop(e));
    on(document, "paste", (e) => this.add([...(e.clipboardData?.files ?? [])]));
    on(document, "click", (e) => e.target.closest?.("[data-upload-browse]") && input.click());
    on(document, "keydown", (e) => tileKeys(e));
    on(document, "focusin", (e) => e.target.matches?.("[data-tiles] .tile") && roving(e.target));
    on(input, "change", () => {
      this.add([...input.files]);
      input.value = "";
    });
    this.tiles = new MutationObserver(() => roving());
    this.tiles.observe(document.getElementById("main"), { childList: true, subtree: true });
    roving();
  }

  dispose() {
    // Files on their way arrive all the same; the page reads them when it is opened again.
    this.stop.abort();
    this.tiles.disconnect();
    clearTimeout(this.flushTimer);
    document.body.classList.remove("dropping");
    this.page = null;
  }

  drag(e, step) {
    if (hasFiles(e)) {
      this.depth = Math.max(0, this.depth + step);
      document.body.classList.toggle("dropping", this.depth > 0);
    }
  }

  drop(e) {
    if (hasFiles(e)) {
      e.preventDefault();
      this.depth = 0;
      document.body.classList.remove("dropping");
      this.add([...e.dataTransfer.files]);
    }
  }

  async add(files) {
    if (files.length === 0) {
      return;
    }
    if (this.running === 0 && this.queue.length === 0) {
      this.clear();
    }
    this.total += files.length;
    this.queue.push(...files);
    this.panel.hidden = false;
    this.head();
    try {
      this.target ??= this.page.invokeMethodAsync("TargetAsync");
      const dataset = await this.target;
      this.target = null;
      while (this.running < PARALLEL && this.queue.length > 0) {
        this.next(dataset);
      }
    } catch {
      this.target = null;
      this.queue = [];
      this.row("The upload", "The server did not say where the images go; reload the page and try again.");
    }
  }

  next(dataset) {
    const file = this.queue.shift();
    if (!file) {
      return;
    }
    this.running++;
    const row = this.row(file.name);
    const request = new XMLHttpRequest();
    request.open("POST", `/api/v1/datasets/${dataset}/images?name=${encodeURIComponent(file.name)}`);
    request.setRequestHeader("X-Grainy", "1");
    request.setRequestHeader("Content-Type", file.type || "application/octet-stream");
    request.upload.onprogress = (e) => {
      row.bar.style.width = `${e.lengthComputable ? (100 * e.loaded) / e.total : 50}%`;
      row.note.textContent = e.loaded === e.total ? "reading…" : "";
    };
    request.onloadend = () => {
      this.running--;
      this.finished++;
      if (request.status === 201 || request.status === 200) {
        this.arrived(dataset, JSON.parse(request.responseText), row);
      } else {
        this.failed++;
        fail(row, sentence(request));
        this.flushTimer ||= setTimeout(() => this.flush(), BATCH_MS);
      }
      this.head();
      this.next(dataset);
    };
    request.send(file);
  }

  arrived(dataset, image, row) {
    row.element.classList.add("done");
    row.note.textContent = image.pages ? `added, ${image.pages.length} pages` : "added";
    const old = this.panel.querySelectorAll(".upload.done");
    for (let i = 0; i < old.length - SHOWN_DONE; i++) {
      old[i].remove();
    }
    this.last = dataset;
    this.done.push(...(image.pages ?? [image.id]).map((id) => ({ dataset, id: id?.value ?? id })));
    if (this.done.length >= BATCH) {
      this.flush();
    } else if (!this.flushTimer) {
      this.flushTimer = setTimeout(() => this.flush(), BATCH_MS);
    }
  }

  flush() {
    clearTimeout(this.flushTimer);
    this.flushTimer = 0;
    const batch = this.done.splice(0, BATCH);
    const dataset = batch[0]?.dataset ?? this.last;
    this.done.push(...batch.filter((one) => one.dataset !== dataset));
    const ids = batch.filter((one) => one.dataset === dataset).map((one) => one.id);
    const over = this.running === 0 && this.queue.length === 0 && this.done.length === 0;
    // The end is told even when the last file was refused: what to do next is offered then.
    if (this.page && this.last && (ids.length > 0 || over)) {
      this.last = over ? null : dataset;
      this.page.invokeMethodAsync("UploadedAsync", dataset, ids, over).catch(() => {});
    }
    if (this.done.length > 0) {
      this.flushTimer = setTimeout(() => this.flush(), BATCH_MS);
    }
  }

  head() {
    this.headLine ??= this.panel.appendChild(Object.assign(document.createElement("div"), { className: "uploads-head" }));
    const over = this.running === 0 && this.queue.length === 0;
    const text = over
      ? `${this.finished - this.failed} of ${this.total} uploaded${this.failed ? `, ${this.failed} refused` : ""}`
      : `Uploading ${Math.min(this.finished + 1, this.total)} of ${this.total}`;
    this.headLine.replaceChildren(Object.assign(document.createElement("span"), { textContent: text, role: "status" }));
    if (over) {
      const close = Object.assign(document.createElement("button"), { type: "button", className: "btn quiet small", textContent: "Close" });
      close.onclick = () => this.clear();
      this.headLine.append(close);
      if (this.failed === 0) {
        setTimeout(() => this.running === 0 && this.queue.length === 0 && this.failed === 0 && this.clear(), 2500);
      }
    }
  }

  clear() {
    this.panel.replaceChildren();
    this.panel.hidden = true;
    this.headLine = null;
    this.total = this.finished = this.failed = 0;
  }

  row(name, problem) {
    const element = document.createElement("div");
    element.className = "upload";
    const title = Object.assign(document.createElement("span"), { className: "upload-name", textContent: name });
    const track = Object.assign(document.createElement("span"), { className: "bar" });
    const bar = document.createElement("span");
    const note = Object.assign(document.createElement("span"), { className: "upload-note" });
    track.append(bar);
    element.append(title, track, note);
    this.panel.append(element);
    const row = { element, bar, note };
    if (problem) {
      fail(row, problem);
    }
    return row;
  }
}

function fail(row, text) {
  row.element.classList.add("failed");
  row.element.setAttribute("role", "alert");
  row.note.textContent = text;
}

function sentence(request) {
  try {
    const { detail } = JSON.parse(request.responseText);
    if (detail) {
      return detail;
    }
  } catch {
    // Not a problem document: a proxy answered, or nobody did.
  }
  return request.status === 0
    ? "The connection broke; the file was not taken. Try it again."
    : request.status === 413
      ? "The file is larger than this server takes."
      : `The server refused the file (status ${request.status}).`;
}

function hasFiles(e) {
  return [...(e.dataTransfer?.types ?? [])].includes("Files");
}

// The grid of tiles is one stop of the Tab key; arrows move inside it.
function roving(focused) {
  const tiles = document.querySelectorAll("[data-tiles] .tile");
  const keep = focused ?? [...tiles].find((tile) => tile.tabIndex === 0) ?? tiles[0];
  for (const tile of tiles) {
    const index = tile === keep ? 0 : -1;
    if (tile.tabIndex !== index) {
      tile.tabIndex = index;
    }
  }
}

function tileKeys(e) {
  const tile = e.target.closest?.("[data-tiles] .tile");
  if (!tile || e.ctrlKey || e.metaKey || e.altKey) {
    return;
  }
  const tiles = [...tile.parentElement.querySelectorAll(".tile")];
  const columns = tiles.filter((other) => other.offsetTop === tiles[0].offsetTop).length;
  const steps = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -columns, ArrowDown: columns, Home: -Infinity, End: Infinity };
  const step = steps[e.key];
  if (step !== undefined) {
    e.preventDefault();
    const to = Math.min(tiles.length - 1, Math.max(0, tiles.indexOf(tile) + step));
    tiles[to].focus();
  }
}
