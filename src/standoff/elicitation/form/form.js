// The form of an expert: builds the questions, draws what the numbers say as they are typed, saves them as a file.
"use strict";
(() => {
  const asked = JSON.parse(document.getElementById("asked").textContent);
  const { shares, heads } = asked;
  const OVERSHOOT = 0.1; // as steps.py and the language have it
  const WIDE = 420, HIGH = 190, LEFT = 10, RIGHT = 10, TOP = 10, FLOOR = 150;
  const answers = new Map(asked.questions.map((one) => [one.id, { texts: heads.map(() => ""), why: "" }]));
  const main = document.getElementById("form");

  const make = (name, words = "", parts = {}) => {
    const node = document.createElement(name);
    node.textContent = words;
    for (const [key, value] of Object.entries(parts)) node.setAttribute(key, value);
    return node;
  };
  const drawn = (name, parts, words = "") => {
    const node = document.createElementNS("http://www.w3.org/2000/svg", name);
    for (const [key, value] of Object.entries(parts)) node.setAttribute(key, String(value));
    node.textContent = words;
    return node;
  };
  const short = (value) => String(Number(value.toPrecision(4)));
  const withUnit = (words, one) => (one.unit ? `${words} (${one.unit})` : words);

  /** The numbers of a question, or what is wrong with them: { values } or { wrong, at } or { open }. */
  function read(one) {
    const { texts } = answers.get(one.id);
    const plain = texts.map((text) => text.trim());
    if (plain.every((text) => text === "")) return { open: true };
    const values = plain.map((text) => (/^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i.test(text) ? Number(text) : NaN));
    for (let at = 0; at < values.length; at += 1) {
      const head = heads[at];
      if (plain[at] === "") continue;
      if (!Number.isFinite(values[at])) {
        const comma = /^[-+]?\d+,\d+$/.test(plain[at]) ? `; write ${plain[at].replace(",", ".")}` : "";
        return { at, wrong: `${head}: “${plain[at].slice(0, 30)}” is not a number${comma}` };
      }
      if (one.low !== null && values[at] <= one.low) return { at, wrong: `${head} must lie above ${one.low}` };
      if (one.high !== null && values[at] >= one.high) return { at, wrong: `${head} must lie below ${one.high}` };
      const before = plain.slice(0, at).findLastIndex((text) => text !== "");
      if (before >= 0 && values[at] <= values[before]) {
        return { at, wrong: `${head} must lie above ${heads[before]}, which is ${short(values[before])}` };
      }
    }
    const missing = plain.indexOf("");
    if (missing >= 0) return { open: true, at: missing, hint: `${heads[missing]} is still open` };
    return { values };
  }

  /** The steps of a belief: { ends, weights } on the scale of the question. */
  function steps(one, values) {
    const up = one.log ? Math.log : (value) => value;
    const places = values.map(up);
    const further = OVERSHOOT * (places.at(-1) - places[0]);
    let low = places[0] - further, high = places.at(-1) + further;
    if (one.low !== null && !(one.log && one.low <= 0)) low = Math.max(low, up(one.low));
    if (one.high !== null) high = Math.min(high, up(one.high));
    const below = [0, ...shares, 1];
    return { ends: [low, ...places, high], weights: below.slice(1).map((share, i) => share - below[i]) };
  }

  function picture(one, svg, values) {
    svg.replaceChildren();
    svg.append(drawn("line", { x1: LEFT, x2: WIDE - RIGHT, y1: FLOOR, y2: FLOOR, class: "axis" }));
    if (values === undefined) {
      svg.setAttribute("aria-label", "Your belief is drawn here when all numbers are there.");
      svg.append(drawn("text", { x: WIDE / 2, y: FLOOR / 2, "text-anchor": "middle" }, "drawn when all numbers are there"));
      return;
    }
    const { ends, weights } = steps(one, values);
    const x = (place) => LEFT + ((place - ends[0]) / (ends.at(-1) - ends[0])) * (WIDE - LEFT - RIGHT);
    const densities = weights.map((weight, i) => weight / (ends[i + 1] - ends[i]));
    const most = Math.max(...densities);
    const y = (density) => FLOOR - (density / most) * (FLOOR - TOP);
    weights.forEach((_, i) => {
      const top = y(densities[i]);
      svg.append(drawn("rect", { x: x(ends[i]), y: top, width: x(ends[i + 1]) - x(ends[i]), height: FLOOR - top, class: "belief" }));
    });
    let sum = 0;
    const line = [0, ...weights].map((weight, i) => { sum += weight; return `${x(ends[i])},${FLOOR - sum * (FLOOR - TOP)}`; });
    svg.append(drawn("polyline", { points: line.join(" "), class: "sum" }));
    let free = -Infinity, low = true;
    values.forEach((value, i) => {
      const at = x(ends[i + 1]);
      svg.append(drawn("line", { x1: at, x2: at, y1: FLOOR, y2: FLOOR + 5, class: "tick" }));
      svg.append(drawn("circle", { cx: at, cy: FLOOR - shares[i] * (FLOOR - TOP), r: 4, class: "dot" }));
      const words = short(value);
      const half = words.length * 3.6;
      low = at - half > free ? true : !low;
      free = Math.max(free, at + half + 4);
      const held = Math.min(WIDE - half, Math.max(half, at));
      svg.append(drawn("text", { x: held, y: FLOOR + (low ? 20 : 34), "text-anchor": "middle" }, words));
    });
    svg.setAttribute("aria-label", said(one, values));
  }

  function said(one, values) {
    const last = values.length - 1;
    const inside = Math.round((shares[last] - shares[0]) * 100);
    const middle = shares.findIndex((share) => share === 0.5);
    const half = middle < 0 ? "" : `, as likely above as below ${short(values[middle])}`;
    return withUnit(`You say: in ${inside} of 100 cases between ${short(values[0])} and ${short(values[last])}${half}`, one) + ".";
  }

  const states = new Map();
  const progress = make("p", "", { role: "status", id: "progress" });
  function count() {
    const done = [...states.values()].filter((state) => state.values !== undefined).length;
    progress.textContent = `${done} of ${asked.questions.length} answered`;
  }

  function question(one, number) {
    const section = make("section", "", { "aria-labelledby": `${one.id}-ask` });
    const head = make("div", "", { class: "head" });
    head.append(make("h2", `${number}. ${one.ask}`, { id: `${one.id}-ask` }));
    if (one.about) head.append(make("p", one.about, { class: "soft" }));
    const bounds = [one.low === null ? "" : `above ${one.low}`, one.high === null ? "" : `below ${one.high}`].filter(Boolean);
    const told = [one.unit ? `Unit: ${one.unit}.` : "", bounds.length ? `Values lie ${bounds.join(" and ")}.` : ""];
    if (told.some(Boolean)) head.append(make("p", told.filter(Boolean).join(" "), { class: "soft" }));
    const left = make("div");
    const numbers = make("div", "", { class: "numbers", role: "group", "aria-labelledby": `${one.id}-ask` });
    const inputs = heads.map((name, at) => {
      const label = make("label");
      const field = make("input", "", { inputmode: "decimal", autocomplete: "off", id: `${one.id}-${at}`, "aria-describedby": `${one.id}-say` });
      const hundred = shares[at] * 100;
      const cases = hundred === 50 ? "as likely above as below" : `${Number(hundred.toPrecision(4))} of 100 cases lie below`;
      label.append(make("span", name), field, make("small", cases));
      numbers.append(label);
      return field;
    });
    const say = make("p", "", { class: "say", id: `${one.id}-say`, role: "status" });
    const why = make("textarea", "", { id: `${one.id}-why`, rows: "2" });
    const reason = make("label", "Why (if you like)", { for: `${one.id}-why`, class: "soft" });
    left.append(numbers, say, reason, why);
    const right = make("div");
    const svg = drawn("svg", { viewBox: `0 0 ${WIDE} ${HIGH}`, role: "img" });
    const key = make("p", "", { class: "key" });
    key.append(make("span", "how likely", { class: "of-belief" }), make("span", "share below", { class: "of-sum" }));
    if (one.log) key.append(make("i", "the scale is of orders of magnitude"));
    right.append(svg, key);
    section.append(head, left, right);

    const show = () => {
      const state = read(one);
      states.set(one.id, state);
      inputs.forEach((field, at) => field.setAttribute("aria-invalid", String(state.wrong !== undefined && state.at === at)));
      say.textContent = state.wrong ?? state.hint ?? (state.values ? said(one, state.values) : "");
      say.className = `say ${state.wrong ? "bad" : state.values ? "good" : ""}`;
      picture(one, svg, state.values);
      count();
    };
    inputs.forEach((field, at) => field.addEventListener("input", () => { answers.get(one.id).texts[at] = field.value; show(); }));
    why.addEventListener("input", () => { answers.get(one.id).why = why.value; });
    show();
    return { section, fill: (texts, words) => {
      inputs.forEach((field, at) => { field.value = texts[at] ?? ""; answers.get(one.id).texts[at] = field.value; });
      why.value = words; answers.get(one.id).why = words; show();
    } };
  }

  function save() {
    const wrong = asked.questions.find((one) => states.get(one.id).wrong !== undefined || states.get(one.id).hint !== undefined);
    if (wrong !== undefined) {
      message.textContent = `Not saved: ${states.get(wrong.id).wrong ?? states.get(wrong.id).hint}`;
      document.getElementById(`${wrong.id}-${states.get(wrong.id).at}`).focus();
      return;
    }
    const given = {};
    for (const one of asked.questions) {
      const { values } = states.get(one.id);
      if (values !== undefined) given[one.id] = { quantiles: values, why: answers.get(one.id).why };
    }
    const content = { standoff_elicitation: asked.standoff_elicitation, expert: asked.expert, token: asked.token, answers: given };
    const link = make("a", "", { download: `${asked.expert}.json` });
    link.href = URL.createObjectURL(new Blob([JSON.stringify(content, null, 1)], { type: "application/json" }));
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10000);
    message.textContent = `Saved as ${asked.expert}.json: send this file back.`;
  }

  async function load(file) {
    try {
      const content = JSON.parse(await file.text());
      if (content.token !== asked.token || content.expert !== asked.expert) throw new Error("it answers another form");
      for (const one of asked.questions) {
        const given = content.answers[one.id];
        if (given !== undefined) fills.get(one.id)(given.quantiles.map(String), String(given.why ?? ""));
      }
      message.textContent = "Your earlier answers are back.";
    } catch (error) {
      message.textContent = `That file cannot be read: ${error.message}`;
    }
  }

  main.append(make("h1", asked.title), make("p", `Questions for expert ${asked.expert}`, { class: "soft" }));
  main.append(make("p", "Say for each number how sure you are, by " + heads.map((head, at) => (shares[at] === 0.5
    ? `a value that the truth is as likely above as below (${head})`
    : `one that it lies below in ${Number((shares[at] * 100).toPrecision(4))} of 100 cases (${head})`)).join(", ") + "."));
  main.append(make("p", "Wide is honest: nobody is asked to know. Leave a question open if you would rather not answer. Nothing leaves this page until you save, and send the file."));
  const fills = new Map();
  asked.questions.forEach((one, at) => { const made = question(one, at + 1); fills.set(one.id, made.fill); main.append(made.section); });
  const footer = make("footer", "", { role: "contentinfo" });
  const message = make("p", "", { role: "alert", id: "message" });
  const button = make("button", "Save answers", { type: "button", id: "save" });
  button.addEventListener("click", save);
  const picker = make("input", "", { type: "file", accept: ".json,application/json", id: "load" });
  picker.addEventListener("change", () => { if (picker.files.length) load(picker.files[0]); });
  const earlier = make("label", "", { class: "soft earlier" });
  earlier.append(make("span", "Go on with answers saved before:"), picker);
  main.insertBefore(earlier, main.querySelector("section"));
  footer.append(progress, button, message);
  document.body.append(footer);
})();
