// A blend of two to four images under a slider, a triangle pad or sliders. Where a frame is computed it is shown; between computed frames of one cell they are
// cross-faded; elsewhere the images are mixed pixel by pixel, and it says so.
import { Stage } from "./stage.js";
import { Room } from "./live.js";
import { Controls } from "./blend-controls.js";
import { Steps } from "./blend-steps.js";
import { Wishes } from "./blend-wishes.js";
import { Cells, distance, percent, place } from "./blend-cells.js";

const viewers = new Map();
const TRIES = 3;
const RETRY_MS = 1000;

/**
 * @param options {id, blend, width, height, small, parts, computing, mayAsk, anywhere, plain, images:[{name,small}], targets:[{index,weights,wished}], axis:[[weight,place]]?,
 * frames:[{index,weights,url,final,stages,energy,error,mix}], room?}
 */
export function attach(root, options) {
  viewers.get(options.id)?.dispose();
  const viewer = new Blend(root, options);
  viewers.set(options.id, viewer);
  window.__viewer = viewer;
}

export function update(id, options) {
  viewers.get(id)?.update(options);
}

export function enter(id, room) {
  viewers.get(id)?.enter(room);
}

export function detach(id) {
  const viewer = viewers.get(id);
  viewer?.dispose();
  viewers.delete(id);
  if (window.__viewer === viewer) {
    delete window.__viewer;
  }
}

class Blend {
  constructor(root, options) {
    Object.assign(this, { root, pictures: new Map(), label: "", mixing: false, peeking: false });
    this.part = (name) => root.querySelector(`[data-part="${name}"]`);
    this.canvas = this.part("canvas");
    this.stop = new AbortController();
    const on = (target, type, handler) => target.addEventListener(type, handler, { signal: this.stop.signal });
    // Pictures come at preview size; the canvas has no more pixels than they do.
    const shrink = Math.min(1, 1024 / Math.max(options.width, options.height));
    this.canvas.width = Math.max(1, Math.round(options.width * shrink));
    this.canvas.height = Math.max(1, Math.round(options.height * shrink));
    const n = options.images.length;
    this.weights = Array(n).fill(1 / n);
    this.options = options;
    this.stage = new Stage(this.part("stage"), options.width, options.height, () => this.schedule());
    this.controls = new Controls(this, this.stop.signal);
    this.steps = new Steps(this, this.stop.signal);
    this.wishes = new Wishes(this);
    on(root, "keydown", (e) => this.key(e));
    on(root, "keyup", (e) => e.key === "Shift" && this.peek(false));
    on(window, "blur", () => this.peek(false));
    on(root, "click", (e) => this.command(e.target.closest("[data-command]")?.dataset.command));
    this.update(options);
    this.set(this.weights, false);
    if (options.room) {
      this.enter(options.room);
    }
  }

  dispose() {
    this.stop.abort();
    this.stage.dispose();
    this.room?.dispose();
    cancelAnimationFrame(this.frame);
    this.wishes.dispose();
  }

  update(options) {
    this.options = options;
    this.cells = new Cells(options);
    this.fetch();
    this.controls.ticks();
    this.steps.refresh();
    this.wishes.show();
    this.schedule();
  }

  /** All pictures where they are small, otherwise those near the slider: a large blend has more of them than a phone can hold. */
  fetch() {
    const all = this.options.frames;
    const near = this.options.small ? all : [...all].sort((a, b) => distance(a.weights, this.weights) - distance(b.weights, this.weights)).slice(0, 6);
    const wanted = new Set([...this.options.images.map((image) => image.small), ...near.map((frame) => frame.url)]);
    for (const url of this.pictures.keys()) {
      if (!wanted.has(url)) {
        this.pictures.delete(url);
      }
    }
    wanted.forEach((url) => this.load(url));
    this.cells.ready = (frame) => frame && this.isReady(this.pictures.get(frame.url));
  }

  load(url, tries = 1) {
    let picture = this.pictures.get(url);
    if (!picture) {
      picture = new Image();
      this.pictures.set(url, picture);
      picture.onload = () => this.loaded(url);
      picture.onerror = () => this.retry(url, picture, tries);
      picture.src = url;
    }
    return picture;
  }

  loaded(url) {
    if (this.broken === url) {
      this.broken = undefined;
      this.fail("");
    }
    this.schedule();
  }

  /** A frame that has just been replaced by a better one is not there any more: the better one is about to be told. What is wanted still after a moment is tried again. */
  retry(url, picture, tries) {
    setTimeout(() => {
      if (this.stop.signal.aborted || this.pictures.get(url) !== picture) {
        return;
      }
      if (tries >= TRIES) {
        this.broken = url;
        this.fail("A picture could not be loaded; check the connection and reload the page.");
      } else {
        this.pictures.delete(url);
        this.load(url, tries + 1);
      }
    }, RETRY_MS * tries);
  }

  isReady(picture) {
    return picture?.complete && picture.naturalWidth > 0;
  }

  fail(words) {
    this.part("problem").textContent = words;
    this.part("problem").hidden = !words;
  }

  enter(room) {
    this.room?.dispose();
    this.room = new Room(this.root, room, (value) => this.set(Array.isArray(value) ? value : [1 - value, value], false));
  }

  /** @param mine false for places that come from others */
  set(weights, mine) {
    if (weights.length !== this.options.images.length) {
      return;
    }
    const sum = weights.reduce((a, b) => a + Math.max(0, b), 0) || 1;
    this.weights = weights.map((weight) => Math.max(0, weight) / sum);
    if (mine) {
      this.room?.move(this.weights.length === 2 ? this.weights[1] : this.weights);
    }
    this.steps.leave();
    if (!this.options.small) {
      this.fetch();
    }
    this.controls.show();
    this.steps.refresh();
    this.wishes.moved(mine);
    this.schedule();
  }

  schedule() {
    this.frame ??= requestAnimationFrame(() => {
      this.frame = undefined;
      this.draw();
    });
  }

  /** What stands here: pictures with their shares, and honest words. */
  source() {
    const where = place(this.weights);
    const staged = this.steps.picture();
    if (staged) {
      return { parts: [[staged.picture, 1]], computed: true, words: staged.words };
    }
    const mix = this.options.images.map((image, i) => [this.pictures.get(image.small), this.weights[i]]);
    const corner = this.cells.corner(this.weights);
    if (corner >= 0) {
      const own = this.cells.nearest(this.weights);
      return { parts: [[own ? this.pictures.get(own.url) : mix[corner][0], 1]], computed: true, words: `Original · ${this.options.images[corner].name}` };
    }
    if (this.mixing !== this.peeking) {
      return { parts: mix, computed: false, words: `Pixel mix, not perceptual · ${where} · also the linear path and the barycentre under L2` };
    }
    const near = this.cells.nearest(this.weights);
    if (near) {
      const what = this.options.plain ? "Barycentre under squared error, which is the pixel mix" : `Perceptual blend${near.final ? "" : ", still being refined"}`;
      const moved = place(near.weights) !== where ? "frame at " : "";
      return { parts: [[this.pictures.get(near.url), 1]], computed: true, words: `${what} · ${moved}${place(near.weights)}` };
    }
    const around = this.cells.around(this.weights);
    if (around) {
      return { parts: around.map(([frame, share]) => [this.pictures.get(frame.url), share]), computed: true, words: `Interpolated between computed frames · ${where}` };
    }
    return { parts: mix, computed: false, words: `Pixel mix, not perceptual · ${where}` };
  }

  draw() {
    const { parts, computed, words } = this.source();
    const pen = this.canvas.getContext("2d");
    pen.imageSmoothingQuality = "high";
    let sum = 0;
    for (const [picture, share] of parts) {
      if (share > 0 && this.isReady(picture)) {
        sum += share;
        pen.globalAlpha = share / sum;
        pen.drawImage(picture, 0, 0, this.canvas.width, this.canvas.height);
      }
    }
    this.stage.place(this.canvas);
    this.canvas.style.imageRendering = "auto";
    this.part("zoom").textContent = percent(this.stage.scale);
    if (this.label !== words) {
      this.label = words;
      this.part("label").textContent = words;
      this.part("label").classList.toggle("mix", !computed);
    }
    this.root.dataset.ready = this.options.images.every((image) => this.isReady(this.pictures.get(image.small)));
  }

  peek(on) {
    if (this.peeking !== on) {
      this.peeking = on;
      this.schedule();
    }
  }

  flip() {
    this.mixing = !this.mixing;
    this.root.querySelector('[data-command="mix"]').setAttribute("aria-pressed", this.mixing);
    this.schedule();
  }

  key(e) {
    if (e.ctrlKey || e.metaKey || e.altKey || e.target.matches("input, select, textarea")) {
      return;
    }
    if (e.key === "Shift") {
      this.peek(true);
      return;
    }
    const corner = Number(e.key) - 1;
    const handled =
      this.controls.key(e) ??
      { x: () => this.flip(), X: () => this.flip(), s: () => this.steps.toggle(), S: () => this.steps.toggle() }[e.key] ??
      (this.options.images[corner] ? () => this.set(this.weights.map((_, i) => (i === corner ? 1 : 0)), true) : null);
    if (handled) {
      handled();
    } else if (!this.stage.key(e)) {
      return;
    }
    e.preventDefault();
  }

  command(name) {
    const commands = {
      fit: () => this.stage.fit(),
      one: () => this.stage.zoomTo(1),
      in: () => this.stage.zoomTo(this.stage.scale * 1.25),
      out: () => this.stage.zoomTo(this.stage.scale / 1.25),
      mix: () => this.flip(),
      steps: () => this.steps.toggle(),
      wish: () => this.wishes.wish(),
    };
    commands[name]?.();
  }

  state() {
    return {
      value: this.weights[1],
      weights: this.weights,
      label: this.label,
      computed: this.options.frames.map(({ index, weights, final }) => ({ index, weights, final })),
      scale: this.stage.scale,
      ready: this.root.dataset.ready === "true",
      people: this.room?.people ?? [],
    };
  }

  /** Red, green, blue at a place of the canvas, for checks. */
  readPixel(x, y) {
    return [...this.canvas.getContext("2d").getImageData(x, y, 1, 1).data.slice(0, 3)];
  }
}
