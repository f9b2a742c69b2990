// Where the frames of a blend lie: in a line, a triangle or a tetrahedron of weights, divided into cells.

export const percent = (share) => `${Math.round(share * 100)} %`;

/** Largest difference of a weight. */
export const distance = (a, b) => Math.max(...a.map((weight, i) => Math.abs(weight - b[i])));

/** A place in words: the share of the second image, or those of all. */
export const place = (weights) => (weights.length === 2 ? percent(weights[1]) : `${weights.map((weight) => Math.round(weight * 100)).join(" / ")} %`);

/** How the slider between two images runs: by weight, or so that equal ways along it are equal distances in the metric. */
export class Axis {
  /** @param points [[weight, place], ...] from [0, 0] to [1, 1]; null for by weight */
  constructor(points) {
    this.points = points?.length > 1 ? points : [[0, 0], [1, 1]];
  }

  place(weight) {
    return this.read(weight, 0, 1);
  }

  weight(place) {
    return this.read(place, 1, 0);
  }

  read(value, from, to) {
    const found = this.points.findIndex((point) => point[from] >= value);
    const right = Math.max(1, found < 0 ? this.points.length - 1 : found);
    const [a, b] = [this.points[right - 1], this.points[right]];
    const share = b[from] > a[from] ? (value - a[from]) / (b[from] - a[from]) : 0;
    return a[to] + Math.min(1, Math.max(0, share)) * (b[to] - a[to]);
  }
}

export class Cells {
  /** @param options {images, parts, frames, targets, axis}: parts into which an edge is divided */
  constructor({ images, parts, frames, targets, axis }) {
    Object.assign(this, { n: images.length, parts, frames, targets, axis: new Axis(axis) });
    this.snap = images.length === 2 ? 1 / parts / 8 : 0.02;
    this.ready = () => false;
    this.byPlace = new Map(frames.map((frame) => [this.key(frame.weights.map((weight) => weight * parts)), frame]));
  }

  key(counts) {
    return counts.map((count) => (Math.abs(count - Math.round(count)) < 1e-6 ? Math.round(count) : count)).join();
  }

  /** The frame here, or undefined. */
  nearest(weights) {
    const best = this.frames.filter((frame) => this.ready(frame)).map((frame) => [this.far(frame.weights, weights), frame]).sort((a, b) => a[0] - b[0])[0];
    return best?.[0] <= this.snap ? best[1] : undefined;
  }

  far(a, b) {
    return this.n === 2 ? Math.abs(this.axis.place(a[1]) - this.axis.place(b[1])) : distance(a, b);
  }

  /** Number of the image that this place is, or -1. */
  corner(weights) {
    return weights.findIndex((_, i) => this.far(weights, weights.map((_, j) => (i === j ? 1 : 0))) < this.snap);
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
    // Over a frame that is still to come nothing is interpolated.
    const waits = this.targets.some(
      ({ index, weights, wished }) => !wished && weights[1] > below?.weights[1] && weights[1] < above?.weights[1] && !this.ready(this.frames.find((frame) => frame.index === index)),
    );
    if (!below || !above || waits) {
      return null;
    }
    const [from, to] = [this.axis.place(below.weights[1]), this.axis.place(above.weights[1])];
    const share = to > from ? (this.axis.place(weight) - from) / (to - from) : 0;
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
