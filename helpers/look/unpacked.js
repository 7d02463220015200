// Unpacks each diagram on the page, so that its packets can be pointed at, by mouse and by keys.
// A click, Enter or space on one is the event "course-packet", which rises from the picture's place:
// event.detail has its number in the drawing, from 1, and the drawing's own data-... of it.
(() => {
  if (window.courseUnpacks) return;
  window.courseUnpacks = true;
  const DIAGRAM = 'img.course-picture[src^="data:image/svg+xml;base64,"]:not([data-is-seen])';
  const HINT = "Point at a packet for its bytes, or press Tab and the arrow keys.";
  const IN_A_ROW = 16;
  const EDGE = 40; // pixels at the window's end that a notebook's own bar may take
  const LOOKS = `:host { display: block; position: relative; width: fit-content; max-width: 100%; background: #fff }
    .view { overflow-x: auto; overflow-y: hidden }
    svg { max-width: max(100%, 384px); height: auto; display: block }
    .packet { outline: none }
    .packet .reach { stroke: transparent !important; stroke-width: 16 !important; fill: none }
    .packet[role=button] { cursor: pointer }
    .has-lifted .packet:not(.lifted) { opacity: .3 }
    .lifted path:not(.below, .reach) { stroke-width: 3.4 }
    .hint, .told { box-sizing: border-box; padding: 0 12px 8px; color: #222;
      font: 12px/1.45 system-ui, 'Segoe UI', Roboto, Arial, sans-serif }
    .told { position: absolute; left: 8px; max-width: calc(100% - 16px); padding: 5px 9px;
      overflow-x: hidden; border: 1px solid #8a8a8a; background: #fff; pointer-events: none }
    .told:empty { display: none }
    .told pre { margin: 3px 0 0; font: 12px/1.4 ui-monospace, 'DejaVu Sans Mono', Menlo, Consolas,
      monospace }`;

  // A picture may come from a notebook that nobody trusts: what a diagram doesn't have goes.
  const ELEMENTS = new Set(["svg", "style", "g", "title", "text", "path", "rect"]);
  const ATTRIBUTES = new RegExp(
    "^(class|d|x|y|rx|width|height|viewBox|fill|stroke|transform|text-anchor|font-(size|family)" +
      "|stroke-dasharray|xml:space|xmlns|data-(number|kind|fate|size|bytes))$",
  );
  const FETCHES = /url|import|expression|\\/i;

  function cleaned(svg) {
    for (const each of [svg, ...svg.querySelectorAll("*")]) {
      if (!ELEMENTS.has(each.tagName)) each.remove();
      else if (each.tagName === "style" && FETCHES.test(each.textContent)) each.remove();
      for (const { name, value } of [...each.attributes]) {
        if (!ATTRIBUTES.test(name) || FETCHES.test(value)) each.removeAttribute(name);
      }
    }
    return svg;
  }

  // The bytes that the trace has kept, in rows: in hexadecimal, and as text where they are that.
  function rows(hex) {
    const bytes = hex.match(/../g) ?? [];
    const lines = [];
    for (let at = 0; at < bytes.length; at += IN_A_ROW) {
      const row = bytes.slice(at, at + IN_A_ROW);
      const codes = row.map((byte) => parseInt(byte, 16));
      const text = codes.map((n) => (n > 31 && n < 127 ? String.fromCharCode(n) : "·")).join("");
      const wide = Math.min(bytes.length, IN_A_ROW) * 3 + 1;
      lines.push(row.join(" ").padEnd(wide) + text);
    }
    return lines;
  }

  function said(packet) {
    const { title, times } = packet.course;
    const [sent, came] = times;
    return `${title}.${sent ? ` Sent at ${sent}` : ""}${came ? `, came at ${came}` : ""}${sent ? "." : ""}`;
  }

  // Shows one packet, in a box below its arrow, and lifts it from the others.
  function lift(svg, told, packet) {
    svg.querySelector(".lifted")?.classList.remove("lifted");
    svg.classList.toggle("has-lifted", Boolean(packet));
    packet?.classList.add("lifted");
    if (!packet) return told.replaceChildren();
    const line = document.createElement("div");
    line.textContent = said(packet);
    told.replaceChildren(line);
    const kept = packet.dataset.bytes.length / 2;
    if (kept) {
      const bytes = document.createElement("pre");
      const { size } = packet.dataset;
      bytes.textContent = rows(packet.dataset.bytes).join("\n");
      if (kept < size) bytes.textContent += `\n… the first ${kept} of ${size} bytes`;
      told.append(bytes);
    }
    const at = packet.getBoundingClientRect();
    const home = svg.getBoundingClientRect();
    const high = told.offsetHeight;
    const above = at.bottom + 6 + high > home.bottom ? at.top - 6 - high : at.bottom + 6;
    const seen = Math.max(8, Math.min(above, window.innerHeight - high - EDGE));
    told.style.top = `${seen - home.top}px`;
  }

  function prepare(packet, words) {
    const title = packet.querySelector("title");
    const at = [...packet.querySelectorAll(".at")];
    const times = at.map((each) => each.textContent.replace(" ", "\u00a0"));
    packet.course = { title: title.textContent, times };
    title.remove(); // the browser would show it over the picture
    const bytes = packet.dataset.bytes.match(/../g)?.slice(0, IN_A_ROW).join(" ");
    const label = said(packet) + (bytes ? ` Bytes: ${bytes}.` : "");
    packet.setAttribute("role", words ? "button" : "img");
    packet.setAttribute("aria-label", words ? `${label} Choose ${words}` : label);
    packet.setAttribute("tabindex", "-1");
    const reach = packet.querySelector("path:not(.below)").cloneNode();
    reach.removeAttribute("stroke-dasharray");
    reach.setAttribute("class", "reach");
    packet.prepend(reach);
  }

  function listen(host, svg, told, packets) {
    const focused = () => svg.querySelector(".packet:focus");
    const go = (number) => {
      const to = packets[Math.max(0, Math.min(packets.length - 1, number))];
      packets.forEach((each) => each.setAttribute("tabindex", each === to ? "0" : "-1"));
      to.focus();
    };
    const choose = (number) => {
      const detail = { number: number + 1, packet: { ...packets[number].dataset } };
      host.dispatchEvent(new CustomEvent("course-packet", { bubbles: true, detail }));
    };
    packets.forEach((packet, number) => {
      packet.addEventListener("pointerenter", () => lift(svg, told, packet));
      packet.addEventListener("pointerleave", () => lift(svg, told, focused()));
      packet.addEventListener("focus", () => lift(svg, told, packet));
      packet.addEventListener("blur", () => lift(svg, told, null));
      packet.addEventListener("click", () => {
        go(number);
        choose(number);
      });
      packet.addEventListener("keydown", (event) => {
        const to = {
          ArrowDown: number + 1,
          ArrowRight: number + 1,
          ArrowUp: number - 1,
          ArrowLeft: number - 1,
          Home: 0,
          End: packets.length - 1,
        }[event.key];
        if (to !== undefined) go(to);
        else if (event.key === "Enter" || event.key === " ") choose(number);
        else if (event.key === "Escape") packet.blur();
        else return;
        event.preventDefault();
        event.stopPropagation(); // or a notebook would take it for a command of its own
      });
    });
    packets[0].setAttribute("tabindex", "0");
    lift(svg, told, null);
  }

  function unpack(image) {
    image.dataset.isSeen = "yes";
    const bytes = Uint8Array.from(atob(image.src.split(",")[1]), (letter) => letter.charCodeAt(0));
    const text = new TextDecoder().decode(bytes);
    const svg = cleaned(new DOMParser().parseFromString(text, "image/svg+xml").documentElement);
    if (svg.tagName !== "svg") return;
    const packets = [...svg.querySelectorAll(".packet")];
    if (!packets.length) return;
    const place = image.closest(".course-unpack");
    const clicks = JSON.parse(place?.dataset.clicks ?? "{}");
    packets.forEach((packet, number) => prepare(packet, clicks[number + 1]));
    svg.setAttribute("role", "group");
    svg.setAttribute("aria-label", image.alt);
    const told = document.createElement("div");
    told.className = "told";
    told.setAttribute("aria-hidden", "true"); // each packet's label says it
    const view = document.createElement("div");
    view.className = "view"; // where there is too little room the picture is moved in it
    view.append(svg);
    const hint = document.createElement("div");
    hint.className = "hint";
    hint.textContent = HINT;
    // In a tree of its own, as the drawing's style would else reach the page.
    const host = document.createElement("div");
    host.className = image.className;
    host.dataset.lmSuppressShortcuts = "true"; // JupyterLab would take the arrow keys
    const looks = document.createElement("style");
    looks.textContent = LOOKS;
    host.attachShadow({ mode: "open" }).append(looks, view, hint, told);
    listen(host, svg, told, packets);
    image.replaceWith(host);
  }

  // In a puzzle: the button of this tooltip that comes next, or on a page the answer's reason.
  function answer(place, words) {
    const follows = (each) =>
      place.compareDocumentPosition(each) & Node.DOCUMENT_POSITION_FOLLOWING;
    const found = [...document.querySelectorAll("button[title], [data-choice]")].find(
      (each) => [each.title, each.dataset.choice].includes(words) && follows(each),
    );
    if (!found) return;
    if (found.tagName === "BUTTON") return found.click();
    found.closest("details").open = true;
    found.tabIndex = -1;
    found.focus();
  }

  document.addEventListener("course-packet", (event) => {
    const place = event.target.closest(".course-unpack");
    const words = place && JSON.parse(place.dataset.clicks)[event.detail.number];
    if (words) answer(place, words);
  });

  // A chart that was saved and not run yet has no words in JupyterLab: they stand before it.
  function name(words) {
    const after = words.closest(".jp-OutputArea-child")?.nextElementSibling;
    const chart = after?.querySelector(".jp-RenderedImage img:not([alt])");
    if (chart) chart.alt = words.textContent;
  }

  let asked = false;
  const all = () => {
    asked = false;
    document.querySelectorAll(DIAGRAM).forEach(unpack);
    document.querySelectorAll("p.course-told").forEach(name);
  };
  new MutationObserver(() => {
    if (asked) return;
    asked = true;
    queueMicrotask(all);
  }).observe(document.documentElement, { childList: true, subtree: true });
  all();
})();
