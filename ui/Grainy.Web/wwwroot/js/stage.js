// Zoom and pan of a picture of known size in an element: wheel, drag, pinch, keys. Coordinates are CSS pixels of the element.
const MAX_SCALE = 32;

export class Stage {
  /** @param {HTMLElement} root takes the pointer and the keys  @param {() => void} draw called after each change */
  constructor(root, width, height, draw) {
    Object.assign(this, { root, width, height, draw, scale: 1, x: 0, y: 0, fitted: true, pointers: new Map(), pinch: null });
    this.stop = new AbortController();
    const on = (type, handler, options = {}) => root.addEventListener(type, handler, { signal: this.stop.signal, ...options });
    on("wheel", (e) => this.wheel(e), { passive: false });
    on("pointerdown", (e) => this.down(e));
    on("pointermove", (e) => this.move(e));
    on("pointerup", (e) => this.up(e));
    on("pointercancel", (e) => this.up(e));
    on("dblclick", (e) => !e.target.closest("button") && (this.fitted ? this.zoomTo(1, ...this.at(e)) : this.fit()));
    this.resize = new ResizeObserver(() => (this.fitted ? this.fit() : this.apply()));
    this.resize.observe(root);
    if (document.activeElement === document.body || document.activeElement?.tagName === "H1") {
      root.focus({ preventScroll: true });
    }
    this.fit();
  }

  dispose() {
    this.stop.abort();
    this.resize.disconnect();
  }

  /** The part of the picture's rectangle that can be seen. */
  get visible() {
    const left = Math.max(0, this.x);
    const right = Math.min(this.root.clientWidth, this.x + this.width * this.scale);
    return { left, right: Math.max(left, right) };
  }

  fit() {
    const { clientWidth: w, clientHeight: h } = this.root;
    if (w === 0 || h === 0) {
      return;
    }
    // Small pictures are enlarged by whole steps, so that their pixels stay even.
    const exact = Math.min(w / this.width, h / this.height);
    this.scale = exact > 1 ? Math.min(MAX_SCALE, Math.max(1, Math.floor(exact * 2) / 2)) : exact;
    this.x = (w - this.width * this.scale) / 2;
    this.y = (h - this.height * this.scale) / 2;
    this.fitted = true;
    this.draw();
  }

  zoomTo(scale, cx = this.root.clientWidth / 2, cy = this.root.clientHeight / 2) {
    const least = Math.min(1, this.root.clientWidth / this.width, this.root.clientHeight / this.height) / 2;
    const to = Math.min(MAX_SCALE, Math.max(least, scale));
    this.x = cx - ((cx - this.x) * to) / this.scale;
    this.y = cy - ((cy - this.y) * to) / this.scale;
    this.scale = to;
    this.fitted = false;
    this.apply();
  }

  pan(dx, dy) {
    this.x += dx;
    this.y += dy;
    this.fitted = false;
    this.apply();
  }

  apply() {
    // Some of the picture always stays in sight.
    const keep = 60;
    const { clientWidth: w, clientHeight: h } = this.root;
    this.x = Math.min(w - keep, Math.max(keep - this.width * this.scale, this.x));
    this.y = Math.min(h - keep, Math.max(keep - this.height * this.scale, this.y));
    this.draw();
  }

  /** Styles an element that shows the whole picture. */
  place(element) {
    element.style.width = `${this.width}px`;
    element.style.height = `${this.height}px`;
    element.style.transform = `translate(${this.x}px, ${this.y}px) scale(${this.scale})`;
    element.style.imageRendering = this.scale >= 2 ? "pixelated" : "auto";
  }

  key(e) {
    switch (e.key) {
      case "f": case "F": this.fit(); return true;
      case "0": this.zoomTo(1); return true;
      case "+": case "=": this.zoomTo(this.scale * 1.25); return true;
      case "-": this.zoomTo(this.scale / 1.25); return true;
      default: return false;
    }
  }

  at(e) {
    const box = this.root.getBoundingClientRect();
    return [e.clientX - box.left, e.clientY - box.top];
  }

  wheel(e) {
    e.preventDefault();
    const unit = e.deltaMode === 1 ? 16 : 1;
    this.zoomTo(this.scale * Math.exp(-Math.max(-200, Math.min(200, e.deltaY * unit)) * 0.002), ...this.at(e));
  }

  down(e) {
    if (e.button > 1 || e.target.closest("[role=slider], button, a, input")) {
      return;
    }
    this.root.setPointerCapture(e.pointerId);
    this.pointers.set(e.pointerId, this.at(e));
    this.root.classList.add("panning");
  }

  move(e) {
    const before = this.pointers.get(e.pointerId);
    if (!before) {
      return;
    }
    const now = this.at(e);
    if (this.pointers.size === 1) {
      this.pan(now[0] - before[0], now[1] - before[1]);
    } else {
      const other = [...this.pointers.entries()].find(([id]) => id !== e.pointerId)[1];
      const was = Math.hypot(before[0] - other[0], before[1] - other[1]);
      const is = Math.hypot(now[0] - other[0], now[1] - other[1]);
      if (was > 0) {
        this.zoomTo((this.scale * is) / was, (now[0] + other[0]) / 2, (now[1] + other[1]) / 2);
      }
      this.pan((now[0] - before[0]) / 2, (now[1] - before[1]) / 2);
    }
    this.pointers.set(e.pointerId, now);
  }

  up(e) {
    this.pointers.delete(e.pointerId);
    if (this.pointers.size === 0) {
      this.root.classList.remove("panning");
    }
  }
}

/** Shows the small address at once and the large one as soon as it is decoded. */
export function sharpen(image, small, full) {
  image.dataset.level = "preview";
  image.src = small;
  image.wanted = full;
  if (full === small) {
    image.dataset.level = "full";
    return;
  }
  const large = new Image();
  large.src = full;
  large.decode().then(
    () => {
      if (image.wanted === full && image.isConnected) {
        image.src = full;
        image.dataset.level = "full";
      }
    },
    () => {},
  );
}
