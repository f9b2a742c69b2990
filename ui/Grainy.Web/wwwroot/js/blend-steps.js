// How a frame came about: its pictures by optimisation steps under a second slider, and the energy as a curve.
const W = 600;
const H = 96;
const SVG = "http://www.w3.org/2000/svg";

export class Steps {
  constructor(blend, signal) {
    Object.assign(this, { blend, open: false, stages: [], chosen: null, key: "", loaded: new Map() });
    this.panel = blend.part("steps");
    this.slider = blend.part("steps-slider");
    this.slider.addEventListener("input", () => this.choose(Number(this.slider.value)), { signal });
  }

  toggle() {
    this.open = !this.open;
    this.panel.hidden = !this.open;
    this.blend.root.querySelector('[data-command="steps"]').setAttribute("aria-expanded", this.open);
    this.chosen = null;
    this.refresh();
    this.blend.schedule();
  }

  /** Back to the frame as it is now. */
  leave() {
    this.chosen = null;
  }

  /** The frame nearest to the place among those with a history. */
  frame() {
    const far = (frame) => Math.max(...frame.weights.map((weight, i) => Math.abs(weight - this.blend.weights[i])));
    return this.blend.options.frames.filter((frame) => frame.stages > 0).sort((a, b) => far(a) - far(b))[0];
  }

  async refresh() {
    if (!this.open) {
      return;
    }
    const frame = this.frame();
    const key = frame ? `${frame.index}/${frame.stages}/${frame.url}` : "";
    if (key === this.key) {
      return;
    }
    this.key = key;
    if (!frame) {
      this.show([], null);
      return;
    }
    const answer = await fetch(`/api/v1/blends/${this.blend.options.blend}/frames/${frame.index}/stages`).catch(() => null);
    if (this.key === key) {
      this.show(answer?.ok ? await answer.json() : [], frame);
    }
  }

  show(stages, frame) {
    Object.assign(this, { stages, about: frame });
    this.slider.max = Math.max(0, stages.length - 1);
    this.slider.disabled = stages.length < 2;
    if (this.chosen === null || this.chosen >= stages.length) {
      this.slider.value = stages.length - 1;
    }
    for (const { url } of stages) {
      if (!this.loaded.has(url)) {
        const picture = new Image();
        picture.onload = () => this.blend.schedule();
        picture.src = url;
        this.loaded.set(url, picture);
      }
    }
    this.draw();
    this.say();
  }

  choose(index) {
    this.chosen = index;
    this.say();
    this.draw();
    this.blend.schedule();
  }

  /** The chosen picture with its words, or null when the slider of the steps is not in use. */
  picture() {
    const stage = this.open && this.chosen !== null ? this.stages[this.chosen] : null;
    const picture = stage && this.loaded.get(stage.url);
    return picture?.naturalWidth > 0 ? { picture, words: `Step ${stage.step}, ${stage.stage}` } : null;
  }

  say() {
    const stage = this.stages[this.chosen ?? this.stages.length - 1];
    const error = stage?.energyError > 0 ? ` ± ${thousandfold(stage.energyError)}` : "";
    const mix = this.about?.mix > 0 && stage ? ` · ${Math.round((100 * stage.energy) / this.about.mix)} % of the pixel mix` : "";
    const words = stage ? `Step ${stage.step} · ${stage.stage} · energy × 1000: ${thousandfold(stage.energy)}${error}${mix}` : "No frame has been computed here yet.";
    this.blend.part("steps-label").textContent = words;
    this.slider.setAttribute("aria-valuetext", words);
  }

  draw() {
    const chart = this.blend.part("steps-chart");
    const last = Math.max(1, this.stages.at(-1)?.step ?? 1);
    const top = Math.max(1e-12, this.about?.mix ?? 0, ...this.stages.map((stage) => stage.energy + (stage.energyError ?? 0))) * 1.06;
    const x = (step) => 8 + ((W - 16) * step) / last;
    const y = (energy) => H - 4 - ((H - 8) * energy) / top;
    const marks = [];
    if (this.about?.mix > 0) {
      marks.push(svg("line", { class: "curve second", x1: 0, x2: W, y1: y(this.about.mix), y2: y(this.about.mix) }));
    }
    for (const { step, energy, energyError } of this.stages) {
      if (energyError > 0) {
        marks.push(svg("line", { class: "error", x1: x(step), x2: x(step), y1: y(energy - energyError), y2: y(energy + energyError) }));
      }
    }
    marks.push(svg("polyline", { class: "curve", points: this.stages.map((stage) => `${x(stage.step)},${y(stage.energy)}`).join(" ") }));
    const at = this.stages[this.chosen ?? this.stages.length - 1];
    if (at) {
      marks.push(svg("line", { class: "at", x1: x(at.step), x2: x(at.step), y1: 0, y2: H }));
    }
    chart.replaceChildren(...marks);
  }
}

function svg(name, attributes) {
  const element = document.createElementNS(SVG, name);
  Object.entries(attributes).forEach(([key, value]) => element.setAttribute(key, value));
  return element;
}

// As in the table of the frames.
const thousandfold = (value) => (value * 1000).toFixed(3);
