// A slider over the previews of a run. It follows the newest one until somebody takes the slider back.
const strips = new WeakMap();

/** @param frames [{url, label}] oldest first */
export function show(root, frames) {
  let strip = strips.get(root);
  if (!strip) {
    strip = { at: 0, follow: true, frames: [] };
    strips.set(root, strip);
    const slider = root.querySelector("input");
    slider.addEventListener("input", () => {
      strip.at = Number(slider.value);
      strip.follow = strip.at === strip.frames.length - 1;
      draw(root, strip);
    });
  }
  strip.frames = frames;
  if (strip.follow) {
    strip.at = frames.length - 1;
  }
  strip.at = Math.max(0, Math.min(strip.at, frames.length - 1));
  draw(root, strip);
}

function draw(root, strip) {
  const frame = strip.frames[strip.at];
  if (!frame) {
    return;
  }
  const slider = root.querySelector("input");
  slider.max = strip.frames.length - 1;
  slider.value = strip.at;
  slider.setAttribute("aria-valuetext", frame.label);
  root.querySelector('[data-part="label"]').textContent = frame.label;
  const image = root.querySelector("img");
  if (image.dataset.wanted !== frame.url) {
    // The old picture stays until the new one is there: no blank in between.
    image.dataset.wanted = frame.url;
    const next = new Image();
    next.src = frame.url;
    next.decode().then(
      () => {
        if (image.dataset.wanted === frame.url) {
          image.src = frame.url;
          image.hidden = false;
        }
      },
      () => {},
    );
  }
}
