// What moves the place in a blend: a slider for two images, a triangle pad for three, sliders for four; typed weights for all. The pointer loop lives here.
import { distance, percent, place } from "./blend-cells.js";

const SVG = "http://www.w3.org/2000/svg";
const CORNERS = [[120, 16], [16, 196], [224, 196]]; // of the pad, in its own units

export class Controls {
  constructor(blend, signal) {
    this.blend = blend;
    const all = (selector) => [...blend.root.querySelectorAll(selector)];
    this.slider = blend.part("slider");
    this.pad = blend.part("pad");
    this.knob = blend.part("knob");
    this.sliders = all("[data-weight]");
    this.numbers = all("[data-number]");
    const on = (target, type, handler) => target?.addEventListener(type, handler, { signal });
    on(this.slider, "input", () => this.slide(Number(this.slider.value)));
    this.sliders.forEach((slider, i) => on(slider, "input", () => this.share(i, Number(slider.value))));
    this.numbers.forEach((number) => on(number, "change", () => this.share(Number(number.dataset.number), Number(number.value) / 100)));
    on(this.pad, "pointerdown", (e) => this.grab(e));
    on(this.pad, "pointermove", (e) => this.pad.hasPointerCapture(e.pointerId) && this.follow(e));
    on(blend.part("chips"), "click", (e) => {
      const frame = e.target.closest("[data-target]");
      const target = frame && blend.options.targets.find((one) => String(one.index) === frame.dataset.target);
      target && blend.set(target.weights, true);
    });
  }

  /** @param place along the slider, from 0 to 1 */
  slide(place) {
    const weight = this.blend.cells.axis.weight(Math.min(1, Math.max(0, place)));
    this.blend.set([1 - weight, weight], true);
  }

  /** Gives one image its share; the others keep their proportions. */
  share(which, value) {
    const weight = Math.min(1, Math.max(0, Number.isFinite(value) ? value : 0));
    const others = this.blend.weights.reduce((sum, other, i) => sum + (i === which ? 0 : other), 0);
    const count = this.blend.weights.length - 1;
    this.blend.set(this.blend.weights.map((other, i) => (i === which ? weight : others > 1e-9 ? (other * (1 - weight)) / others : (1 - weight) / count)), true);
  }

  show() {
    const { weights } = this.blend;
    if (this.slider) {
      this.slider.value = this.blend.cells.axis.place(weights[1]);
      this.slider.setAttribute("aria-valuetext", percent(weights[1]));
    }
    this.sliders.forEach((slider, i) => {
      slider.value = weights[i];
      slider.setAttribute("aria-valuetext", percent(weights[i]));
    });
    for (const number of this.numbers) {
      if (document.activeElement !== number) {
        number.value = Math.round(weights[number.dataset.number] * 1000) / 10;
      }
    }
    if (this.knob) {
      const [x, y] = at(weights);
      this.knob.setAttribute("transform", `translate(${x} ${y})`);
      this.knob.setAttribute("aria-valuenow", Math.round(weights[0] * 100));
      this.knob.setAttribute("aria-valuetext", this.blend.options.images.map((image, i) => `${image.name} ${percent(weights[i])}`).join(", "));
    }
    for (const chip of this.blend.part("chips")?.children ?? []) {
      chip.setAttribute("aria-pressed", chip.weights && distance(chip.weights, weights) < 0.004);
    }
  }

  grab(e) {
    if (e.button === 0) {
      this.pad.setPointerCapture(e.pointerId);
      this.knob.focus({ preventScroll: true });
      this.follow(e);
      e.preventDefault();
    }
  }

  follow(e) {
    const point = new DOMPoint(e.clientX, e.clientY).matrixTransform(this.pad.getScreenCTM().inverse());
    this.blend.set(weightsAt(point.x, point.y), true);
  }

  /** What a key does, or undefined when it is none of ours. */
  key(e) {
    const { weights } = this.blend;
    const step = weights.length === 2 ? 1 / this.blend.options.parts / 4 : 0.02;
    if (weights.length === 2) {
      const at = this.blend.cells.axis.place(weights[1]);
      const to = (place) => () => this.slide(place);
      return { ArrowLeft: to(at - step), ArrowRight: to(at + step), PageDown: to(at - 0.1), PageUp: to(at + 0.1), Home: to(0), End: to(1) }[e.key];
    }
    if (!this.pad) {
      return undefined;
    }
    const [x, y] = at(weights);
    const by = step * 200;
    const move = { ArrowLeft: [-by, 0], ArrowRight: [by, 0], ArrowUp: [0, -by], ArrowDown: [0, by] }[e.key];
    return move && (() => this.blend.set(weightsAt(x + move[0], y + move[1]), true));
  }

  ticks() {
    const { options } = this.blend;
    const states = options.targets.map((target) => {
      const frame = options.frames.find((one) => one.index === target.index);
      return { target, frame, state: frame ? (frame.final ? "done" : "early") : "queued" };
    });
    this.line(states);
    this.triangle(states);
    this.chips(states);
    this.show();
  }

  line(states) {
    const list = this.blend.part("ticks");
    if (!list) {
      return;
    }
    const sorted = [...states].sort((a, b) => a.target.weights[1] - b.target.weights[1]);
    const marks = [];
    const left = ({ weights }) => 100 * this.blend.cells.axis.place(weights[1]);
    sorted.forEach(({ target, frame, state }, i) => {
      const next = sorted[i + 1];
      if (frame && next?.frame) {
        const span = document.createElement("i");
        span.className = "between";
        span.style.left = `${left(target)}%`;
        span.style.width = `${left(next.target) - left(target)}%`;
        marks.push(span);
      }
      const mark = document.createElement("span");
      mark.className = `tick ${state}`;
      mark.style.left = `${left(target)}%`;
      marks.push(mark);
    });
    list.replaceChildren(...marks);
  }

  triangle(states) {
    const group = this.blend.part("lattice");
    if (!group) {
      return;
    }
    const marks = [];
    const { parts } = this.blend.options;
    const find = (a, b) => states.find(({ target: { weights } }) => distance(weights, [a / parts, b / parts, (parts - a - b) / parts]) < 0.004);
    for (let a = 0; a < parts; a++) {
      for (let b = 0; a + b < parts; b++) {
        for (const corners of [[[a, b], [a + 1, b], [a, b + 1]], [[a + 1, b + 1], [a + 1, b], [a, b + 1]]]) {
          const found = corners.map(([i, j]) => (i + j <= parts ? find(i, j) : null));
          if (found.every((one) => one?.frame)) {
            marks.push(svg("polygon", { class: "pad-cell", points: found.map(({ target }) => at(target.weights).join()).join(" ") }));
          }
        }
      }
    }
    for (const { target, state } of states) {
      const [cx, cy] = at(target.weights);
      marks.push(svg("circle", { class: `pad-tick ${state}`, cx, cy, r: 4.5 }));
    }
    group.replaceChildren(...marks);
  }

  chips(states) {
    const list = this.blend.part("chips");
    list?.replaceChildren(
      ...states.map(({ target, state }) => {
        const words = { done: "computed", early: "being refined", queued: "waiting" }[state];
        const chip = Object.assign(document.createElement("button"), { type: "button", className: `chip-tick ${state}`, weights: target.weights, textContent: place(target.weights).replace(" %", "") });
        chip.dataset.target = target.index;
        chip.title = `${place(target.weights)}: ${words}`;
        chip.setAttribute("aria-label", `Frame at ${place(target.weights)}, ${words}`);
        return chip;
      }),
    );
  }
}

function svg(name, attributes) {
  const element = document.createElementNS(SVG, name);
  Object.entries(attributes).forEach(([key, value]) => element.setAttribute(key, value));
  return element;
}

function at(weights) {
  return [0, 1].map((axis) => weights.reduce((sum, weight, i) => sum + weight * CORNERS[i][axis], 0));
}

// Barycentric coordinates; a place outside of the triangle becomes one on its edge.
function weightsAt(x, y) {
  const [[x0, y0], [x1, y1], [x2, y2]] = CORNERS;
  const area = (y1 - y2) * (x0 - x2) + (x2 - x1) * (y0 - y2);
  const a = ((y1 - y2) * (x - x2) + (x2 - x1) * (y - y2)) / area;
  const b = ((y2 - y0) * (x - x2) + (x0 - x2) * (y - y2)) / area;
  const inside = [a, b, 1 - a - b].map((weight) => Math.max(0, weight));
  const sum = inside.reduce((p, q) => p + q, 0);
  return inside.map((weight) => weight / sum);
}
