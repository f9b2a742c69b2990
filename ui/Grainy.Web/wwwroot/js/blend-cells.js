// Where the frames of a blend lie: in a line, a triangle or a tetrahedron of weights, divided into cells.

export const percent = (share) => `${Math.round(share * 100)} %`;

/** Largest difference of a weight. */
export const distance = (a, b) => Math.max(...a.map((weight, i) => Math.abs(weight - b[i])));

/** A place in words: the share of the second image, or those of all. */
export const place = (weights) => (weights.length === 2 ? percent(weights[1]) : `${weights.map((weight) => Math.round(weight * 100)).join(" / ")} %`);

export class Cells {
  /** @param options {images, parts, frames}: parts into which an edge is divided */
  constructor({ images, parts, frames }) {
    Object.assign(this, { n: images.length, parts, frames });
    this.snap = images.length === 2 ? 1 / parts / 8 : 0.02;
    this.ready = () => false;
    this.byPlace = new Map(frames.map((frame) => [this.key(frame.weights.map((weight) => weight * parts)), frame]));
  }

  key(counts) {
    return counts.map((count) => (Math.abs(count - Math.round(count)) < 1e-6 ? Math.round(count) : count)).join();
  }

  /** The frame here, or undefined. */
  nearest(weights) {
    const best = this.frames.filter((frame) => this.ready(frame)).map((frame) => [distance(frame.weights, weights), frame]).sort((a, b) => a[0] - b[0])[0];
    return best?.[0] <= this.snap ? best[1] : undefined;
  }

  /** Frames at the corners of the cell around a place with their shares, or null where one of them is not there. */
  around(weights) {
    if (this.n === 2) {
      return this.between(weights[1]);
    }
    const corners = this.corners(weights);
    const found = corners?.map(([counts, share]) => [this.byPlace.get(this.key(counts)), share]);
    return found?.every(([frame]) => this.ready(frame)) ? found : null;
  }

  between(weight) {
    const ready = this.frames.filter((frame) => this.ready(frame)).sort((a, b) => a.weights[1] - b.weights[1]);
    const below = ready.filter((frame) => frame.weights[1] < weight).at(-1);
    const above = ready.find((frame) => frame.weights[1] > weight);
    const gap = below && above ? above.weights[1] - below.weights[1] : 1;
    if (gap > 1.01 / this.parts) {
      return null;
    }
    const share = (weight - below.weights[1]) / gap;
    return [[below, 1 - share], [above, share]];
  }

  /** Corners as whole numbers of parts; null in the octahedra between the tetrahedra of four images, where four corners are not enough. */
  corners(weights) {
    const scaled = weights.map((weight) => weight * this.parts);
    const whole = scaled.map((value) => Math.floor(value + 1e-9));
    const rest = scaled.map((value, i) => Math.max(0, value - whole[i]));
    const missing = this.parts - whole.reduce((a, b) => a + b, 0);
    if (missing === 0) {
      return [[whole, 1]];
    }
    if (missing === 1) {
      return rest.map((share, i) => [whole.map((count, j) => count + (i === j ? 1 : 0)), share]);
    }
    return missing === this.n - 1 ? rest.map((share, i) => [whole.map((count, j) => count + (i === j ? 0 : 1)), 1 - share]) : null;
  }
}
