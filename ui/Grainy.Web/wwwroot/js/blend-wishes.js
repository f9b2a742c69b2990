// What the server is told of the place in a blend: where somebody looks, and where a frame is wanted.
import { distance } from "./blend-cells.js";

const NEAR_MS = 350;
const REST_MS = 1500;
const SAME = 0.004;

export class Wishes {
  constructor(blend) {
    Object.assign(this, { blend, toldAt: 0, may: false });
  }

  dispose() {
    clearTimeout(this.later);
    clearTimeout(this.rest);
  }

  /** @param mine false for places that come from others */
  moved(mine) {
    this.dispose();
    this.show();
    // A running job computes the nearest frames first; it hears of a move at most three times a second.
    if (this.blend.options.computing) {
      this.later = setTimeout(() => {
        this.toldAt = performance.now();
        this.post("near").catch(() => {}); // the next one carries the whole place
      }, Math.max(0, this.toldAt + NEAR_MS - performance.now()));
    }
    if (mine && this.may && this.blend.part("auto")?.checked) {
      this.rest = setTimeout(() => this.wish(), REST_MS);
    }
  }

  show() {
    const { options, weights } = this.blend;
    this.may = options.mayAsk && options.anywhere && !options.targets.some((target) => distance(target.weights, weights) < SAME);
    const button = this.blend.part("wish");
    if (button) {
      button.disabled = !this.may;
    }
  }

  async wish() {
    this.may = false;
    try {
      await this.post("frames");
      this.blend.fail("");
    } catch (problem) {
      this.blend.fail(problem.message);
    }
  }

  async post(what) {
    const answer = await fetch(`/api/v1/blends/${this.blend.options.blend}/${what}`, {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-Grainy": "1" },
      body: JSON.stringify({ weights: this.blend.weights }),
    });
    if (!answer.ok) {
      const problem = await answer.json().catch(() => ({}));
      throw new Error(problem.detail ?? "The server did not take this; try again in a moment.");
    }
  }
}
