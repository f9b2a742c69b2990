// Two pictures of one scene with a divider. The server page gives addresses and names; all pointer work stays here.
import { Stage, sharpen } from "./stage.js";
import { Room } from "./live.js";

const viewers = new Map();

/** @param options {id, width, height, left:{name,small,full}, right:{…}, divider, room?:{session, field}} */
export function attach(root, options) {
  viewers.get(options.id)?.dispose();
  const viewer = new Viewer(root, options);
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

class Viewer {
  constructor(root, options) {
    this.root = root;
    this.options = options;
    this.divider = options.divider ?? 0.5;
    this.strength = 0.75;
    this.part = (name) => root.querySelector(`[data-part="${name}"]`);
    this.leftPane = this.part("left");
    this.rightPane = this.part("right");
    this.mapPane = this.part("map");
    this.handle = this.part("handle");
    this.stop = new AbortController();
    const on = (target, type, handler) => target.addEventListener(type, handler, { signal: this.stop.signal });
    this.stage = new Stage(this.part("stage"), options.width, options.height, () => this.schedule());
    on(this.handle, "pointerdown", (e) => this.grab(e));
    on(this.handle, "pointermove", (e) => this.drag(e));
    on(root, "keydown", (e) => this.key(e));
    on(document, "input", (e) => e.target.matches("[data-map-opacity]") && this.strengthen(Number(e.target.value)));
    on(root, "click", (e) => this.command(e.target.closest("[data-command]")?.dataset.command));
    for (const pane of [this.leftPane, this.rightPane, this.mapPane].filter(Boolean)) {
      const image = pane.querySelector("img");
      on(image, "load", () => this.loaded());
      on(image, "error", () => this.failed());
    }
    this.update(options);
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
    const sized = this.stage.width !== options.width || this.stage.height !== options.height;
    this.options = options;
    for (const [pane, side] of [[this.leftPane, options.left], [this.rightPane, options.right]]) {
      const image = pane.querySelector("img");
      image.alt = side.name;
      if (image.wanted !== side.full) {
        sharpen(image, side.small, side.full);
      }
    }
    this.cover(options.map);
    if (sized) {
      Object.assign(this.stage, { width: options.width, height: options.height });
      this.stage.fit();
    }
    this.schedule();
  }

  /** Lays a coloured map over both pictures, or takes it away. */
  cover(map) {
    if (!this.mapPane) {
      return;
    }
    const image = this.mapPane.querySelector("img");
    if (map && image.getAttribute("src") !== map.url) {
      image.src = map.url;
      image.alt = `Map: ${map.name}`;
      this.mapHidden = false;
    }
    this.covered = Boolean(map);
    this.showMap();
  }

  strengthen(value) {
    this.strength = value;
    this.mapHidden = false;
    this.showMap();
  }

  showMap() {
    this.mapPane.hidden = !this.covered || this.mapHidden === true;
    this.mapPane.style.opacity = this.strength;
  }

  enter(room) {
    this.room?.dispose();
    this.room = new Room(this.root, room, (value) => this.set(value, false));
  }

  set(value, mine) {
    this.divider = Math.min(1, Math.max(0, value));
    if (mine) {
      this.room?.move(this.divider);
    }
    this.schedule();
  }

  schedule() {
    this.frame ??= requestAnimationFrame(() => {
      this.frame = undefined;
      this.draw();
    });
  }

  draw() {
    const { left, right } = this.stage.visible;
    const x = left + this.divider * (right - left);
    for (const pane of [this.leftPane, this.rightPane, this.mapPane].filter(Boolean)) {
      this.stage.place(pane.querySelector("img"));
    }
    this.rightPane.style.clipPath = `inset(0 0 0 ${x}px)`;
    this.leftPane.style.clipPath = `inset(0 calc(100% - ${x}px) 0 0)`;
    this.handle.style.transform = `translateX(${x}px)`;
    this.handle.setAttribute("aria-valuenow", Math.round(this.divider * 100));
    this.handle.setAttribute("aria-valuetext", `${Math.round(this.divider * 100)} % ${this.options.left.name}`);
    this.part("zoom").textContent = `${Math.round(this.stage.scale * 100)} %`;
    this.part("left-name").classList.toggle("away", this.divider < 0.01);
    this.part("right-name").classList.toggle("away", this.divider > 0.99);
  }

  grab(e) {
    this.handle.setPointerCapture(e.pointerId);
    this.handle.focus({ preventScroll: true });
    e.preventDefault();
  }

  drag(e) {
    if (this.handle.hasPointerCapture(e.pointerId)) {
      const { left, right } = this.stage.visible;
      this.set((this.stage.at(e)[0] - left) / Math.max(1, right - left), true);
    }
  }

  key(e) {
    if (e.ctrlKey || e.metaKey || e.altKey || e.target.matches("input, select, textarea")) {
      return;
    }
    const step = e.shiftKey ? 0.1 : 0.01;
    const handled = {
      ArrowLeft: () => this.set(this.divider - step, true),
      ArrowRight: () => this.set(this.divider + step, true),
      Home: () => this.set(0, true),
      End: () => this.set(1, true),
      1: () => this.set(1, true),
      2: () => this.set(0, true),
      3: () => this.set(0.5, true),
      x: () => this.set(this.divider > 0.5 ? 0 : 1, true),
      m: () => this.covered && ((this.mapHidden = !this.mapHidden), this.showMap()),
      ",": () => document.querySelector('[data-step="previous"]:enabled')?.click(),
      ".": () => document.querySelector('[data-step="next"]:enabled')?.click(),
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
      left: () => this.set(1, true),
      right: () => this.set(0, true),
      split: () => this.set(0.5, true),
    };
    commands[name]?.();
  }

  loaded() {
    this.root.dataset.ready = [this.leftPane, this.rightPane].map((pane) => pane.querySelector("img")).every((image) => image.naturalWidth > 0);
    this.part("problem").hidden = true;
  }

  failed() {
    this.part("problem").hidden = false;
  }

  state() {
    const image = (pane) => pane.querySelector("img");
    return {
      divider: this.divider,
      scale: this.stage.scale,
      x: this.stage.x,
      y: this.stage.y,
      fitted: this.stage.fitted,
      ready: this.root.dataset.ready === "true",
      levels: [image(this.leftPane).dataset.level, image(this.rightPane).dataset.level],
      names: [this.options.left.name, this.options.right.name],
      map: this.covered && !this.mapHidden ? { strength: this.strength, ready: this.mapPane.querySelector("img").naturalWidth > 0 } : null,
      people: this.room?.people ?? [],
    };
  }
}
