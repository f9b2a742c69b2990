// One live room: shows who is here, sends this browser's moves (at most 15 a second, the newest wins) and takes over those of others.
const SEND_MS = 1000 / 15;
const QUIET_MS = 800;
const HOLD_MS = 250;

export class Room {
  /** @param options {session, field}  @param onValue called with values that others set */
  constructor(root, options, onValue) {
    Object.assign(this, { root, session: options.session, field: options.field, onValue, people: [], sequence: Date.now(), me: null, lastOwn: -Infinity, applied: null });
    this.base = `/api/v1/sessions/${this.session}`;
    this.list = root.querySelector('[data-part="people"]');
    this.note = root.querySelector('[data-part="moving"]');
    this.open();
    this.leave = () => navigator.sendBeacon?.(`${this.base}/leave`);
    addEventListener("pagehide", this.leave);
  }

  async open() {
    // Members of the workspace get their pass to the room here; who has one already is only sent on.
    await fetch(`/live/${this.session}`, { redirect: "manual" }).catch(() => {});
    if (this.over) {
      return;
    }
    this.source = new EventSource(`${this.base}/events`);
    this.source.onmessage = (e) => this.receive(e);
    this.source.addEventListener("me", (e) => (this.me = JSON.parse(e.data).id ?? this.me));
    this.source.addEventListener("ended", (e) => this.end(JSON.parse(e.data).detail));
    this.source.onerror = () => this.root.classList.toggle("room-away", this.source.readyState !== EventSource.OPEN);
    this.source.onopen = () => this.root.classList.remove("room-away");
  }

  end(why) {
    this.source.close();
    this.say(why);
  }

  dispose() {
    this.over = true;
    this.source?.close();
    this.leave();
    removeEventListener("pagehide", this.leave);
    clearTimeout(this.timer);
    clearTimeout(this.quiet);
    clearTimeout(this.later);
    this.list?.replaceChildren();
    if (this.note) {
      this.note.hidden = true;
    }
  }

  receive(e) {
    const snapshot = JSON.parse(e.data);
    this.people = snapshot.members ?? [];
    this.showPeople();
    const shared = (snapshot.values ?? []).find((value) => value.field === this.field);
    if (snapshot.closed) {
      this.end("This room has ended.");
      return;
    }
    if (!shared || this.applied === `${shared.by}/${shared.sequence}`) {
      return;
    }
    const first = this.applied === null;
    this.applied = `${shared.by}/${shared.sequence}`;
    if (this.sent === shared.sequence) {
      this.me = shared.by;
    }
    clearTimeout(this.later);
    if (shared.by !== this.me) {
      this.take(shared, first);
    }
  }

  // A hand on the control is not pulled away; once it rests, the order of the room settles who was last.
  take(shared, first) {
    const rest = HOLD_MS - (performance.now() - this.lastOwn);
    if (rest > 0) {
      this.later = setTimeout(() => this.take(shared, first), rest);
      return;
    }
    this.onValue(shared.values ?? shared.value);
    const person = this.people.find((one) => one.id === shared.by);
    if (person && !first) {
      this.say(`${person.name} is moving`, person.colour);
    }
  }

  /** @param value a number, or an array of up to four */
  move(value) {
    this.pending = value;
    this.lastOwn = performance.now();
    this.timer ??= setTimeout(() => this.send(), 0);
  }

  async send() {
    const value = this.pending;
    this.pending = undefined;
    this.sent = ++this.sequence;
    const began = performance.now();
    try {
      await fetch(`${this.base}/moves`, {
        method: "POST",
        headers: { "Content-Type": "application/json", "X-Grainy": "1" },
        body: JSON.stringify({ field: this.field, ...(Array.isArray(value) ? { value: value[0], values: value } : { value }), sequence: this.sent }),
      });
    } catch {
      // Lost moves do not matter: the next one carries the whole value.
    }
    const wait = Math.max(0, SEND_MS - (performance.now() - began));
    this.timer = setTimeout(() => {
      this.timer = undefined;
      if (this.pending !== undefined) {
        this.timer = setTimeout(() => this.send(), 0);
      }
    }, wait);
  }

  showPeople() {
    if (!this.list) {
      return;
    }
    const key = this.people.map((person) => person.id).join();
    if (this.list.dataset.key === key) {
      return;
    }
    this.list.dataset.key = key;
    this.list.replaceChildren(
      ...this.people.map((person) => {
        const element = document.createElement("li");
        element.className = "avatar";
        element.title = person.name;
        element.style.setProperty("--colour", person.colour);
        element.append(
          Object.assign(document.createElement("span"), { className: "avatar-face", textContent: person.name.trim().slice(0, 1).toUpperCase() }),
          Object.assign(document.createElement("span"), { className: "avatar-name", textContent: person.name }),
        );
        element.firstChild.setAttribute("aria-hidden", "true");
        return element;
      }),
    );
  }

  say(text, colour) {
    if (!this.note) {
      return;
    }
    this.note.textContent = text;
    this.note.style.setProperty("--colour", colour ?? "currentColor");
    this.note.hidden = false;
    clearTimeout(this.quiet);
    if (colour) {
      this.quiet = setTimeout(() => (this.note.hidden = true), QUIET_MS);
    }
  }
}
