// A blend under a slider. Where two computed frames enclose the slider they are cross-faded; elsewhere the ends are mixed pixel by pixel, and it says so.
import { Stage } from "./stage.js";
import { Room } from "./live.js";

const viewers = new Map();

/** @param options {id, width, height, count, left:{name,small,full}, right:{…}, frames:[{index,weight,url,final}], room?} */
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
    Object.assign(this, { root, value: 0.5, pictures: new Map(), label: "" });
    this.part = (name) => root.querySelector(`[data-part="${name}"]`);
    this.canvas = this.part("canvas");
    this.slider = this.part("slider");
    this.stop = new AbortController();
    const on = (target, type, handler) => target.addEventListener(type, handler, { signal: this.stop.signal });
    // Pictures come at preview size; the canvas has no more pixels than they do.
    const shrink = Math.min(1, 1024 / Math.max(options.width, options.height));
    this.canvas.width = Math.max(1, Math.round(options.width * shrink));
    this.canvas.height = Math.max(1, Math.round(options.height * shrink));
    this.stage = new Stage(this.part("stage"), options.width, options.height, () => this.schedule());
    on(this.slider, "input", () => this.set(Number(this.slider.value), true));
    on(root, "keydown", (e) => this.key(e));
    on(root, "click", (e) => this.command(e.target.closest("[data-command]")?.dataset.command));
    this.update(options);
    this.set(0.5, false);
    if (options.room) {
      this.enter(options.room);
    }
  }

  dispose() {
    this.stop.abort();
    this.stage.dispose();
    this.room?.dispose();
    cancelAnimationFrame(this.frame);
  }

  update(options) {
    this.options = options;
    this.ends = [this.load(options.left.small), this.load(options.right.small)];
    this.computed = options.frames.map((frame) => ({ ...frame, picture: this.load(frame.url) })).sort((a, b) => a.weight - b.weight);
    const wanted = new Set([options.left.small, options.right.small, ...options.frames.map((frame) => frame.url)]);
    for (const url of this.pictures.keys()) {
      if (!wanted.has(url)) {
        this.pictures.delete(url);
      }
    }
    this.ticks();
    this.schedule();
  }

  load(url) {
    let picture = this.pictures.get(url);
    if (!picture) {
      picture = new Image();
      this.pictures.set(url, picture);
      picture.onload = () => this.schedule();
      picture.onerror = () => (this.part("problem").hidden = false);
      picture.src = url;
    }
    return picture;
  }

  enter(room) {
    this.room?.dispose();
    this.room = new Room(this.root, room, (value) => this.set(value, false));
  }

  set(value, mine) {
    this.value = Math.min(1, Math.max(0, value));
    this.slider.value = this.value;
    this.slider.setAttribute("aria-valuetext", `${Math.round(this.value * 100)} %`);
    if (mine) {
      this.room?.move(this.value);
    }
    this.schedule();
  }

  schedule() {
    this.frame ??= requestAnimationFrame(() => {
      this.frame = undefined;
      this.draw();
    });
  }

  /** What stands at the slider: two pictures, the share of the second, and honest words. */
  source() {
    const ready = this.computed.filter((frame) => frame.picture.complete && frame.picture.naturalWidth > 0);
    const step = 1 / (this.options.count - 1);
    const near = ready.find((frame) => Math.abs(frame.weight - this.value) <= step / 8);
    const percent = `${Math.round(this.value * 100)} %`;
    if (near) {
      const end = near.weight === 0 || near.weight === 1;
      const words = end ? "Original" : near.final ? `Perceptual blend ${near.index + 1} of ${this.options.count}` : `Perceptual blend ${near.index + 1} of ${this.options.count}, still being refined`;
      return { from: near.picture, to: near.picture, share: 0, computed: true, words: `${words} · ${percent}` };
    }
    const below = ready.filter((frame) => frame.weight < this.value).at(-1);
    const above = ready.find((frame) => frame.weight > this.value);
    if (below && above && above.weight - below.weight <= step * 1.01) {
      const share = (this.value - below.weight) / (above.weight - below.weight);
      return { from: below.picture, to: above.picture, share, computed: true, words: `Between computed frames ${below.index + 1} and ${above.index + 1} · ${percent}` };
    }
    if (this.value < step / 8 || this.value > 1 - step / 8) {
      const end = this.ends[Math.round(this.value)];
      return { from: end, to: end, share: 0, computed: true, words: `Original · ${percent}` };
    }
    return { from: this.ends[0], to: this.ends[1], share: this.value, computed: false, words: `Pixel mix, not perceptual · ${percent}` };
  }

  draw() {
    const { from, to, share, computed, words } = this.source();
    const pen = this.canvas.getContext("2d");
    const whole = (picture) => picture.complete && picture.naturalWidth > 0 && pen.drawImage(picture, 0, 0, this.canvas.width, this.canvas.height);
    pen.imageSmoothingQuality = "high";
    pen.globalAlpha = 1;
    whole(from);
    if (share > 0) {
      pen.globalAlpha = share;
      whole(to);
    }
    this.stage.place(this.canvas);
    this.canvas.style.imageRendering = "auto";
    this.part("zoom").textContent = `${Math.round(this.stage.scale * 100)} %`;
    if (this.label !== words) {
      this.label = words;
      this.part("label").textContent = words;
      this.part("label").classList.toggle("mix", !computed);
    }
    this.root.dataset.ready = this.ends.every((picture) => picture.naturalWidth > 0);
  }

  ticks() {
    const marks = [];
    for (let i = 0; i < this.options.count; i++) {
      const frame = this.computed.find((one) => one.index === i);
      const mark = document.createElement("span");
      mark.className = frame ? (frame.final ? "tick done" : "tick early") : "tick";
      mark.style.left = `${(100 * i) / (this.options.count - 1)}%`;
      marks.push(mark);
    }
    this.part("ticks").replaceChildren(...marks);
  }

  key(e) {
    if (e.ctrlKey || e.metaKey || e.altKey || e.target === this.slider) {
      return;
    }
    const step = e.shiftKey ? 0.1 : 1 / (this.options.count - 1) / 4;
    const handled = {
      ArrowLeft: () => this.set(this.value - step, true),
      ArrowRight: () => this.set(this.value + step, true),
      Home: () => this.set(0, true),
      End: () => this.set(1, true),
      1: () => this.set(0, true),
      2: () => this.set(1, true),
    }[e.key];
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
    };
    commands[name]?.();
  }

  state() {
    return {
      value: this.value,
      label: this.label,
      computed: this.computed.map(({ index, weight, final }) => ({ index, weight, final })),
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
