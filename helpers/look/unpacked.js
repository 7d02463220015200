// Unpacks the picture in each .course-unpack, and lets its packets be chosen by mouse and by keys.
(() => {
  const LOOKS = `svg { max-width: 100%; height: auto; display: block }
    [role=button] { cursor: pointer }
    [role=button]:is(:hover, :focus-visible) path:not(.below) { stroke-width: 3.4 }
    [role=button]:is(:hover, :focus-visible) text { font-weight: bold }
    [role=button]:focus-visible { outline: 2px solid #0072B2; outline-offset: 2px }`;
  const follows = (place, other) =>
    place.compareDocumentPosition(other) & Node.DOCUMENT_POSITION_FOLLOWING;

  // The button of this tooltip that comes next, or on a page the answer with its reason.
  function choose(place, words) {
    const found = [...document.querySelectorAll("button[title], [data-choice]")].find(
      (each) => [each.title, each.dataset.choice].includes(words) && follows(place, each),
    );
    if (!found) return;
    if (found.tagName === "BUTTON") return found.click();
    found.closest("details").open = true;
    found.tabIndex = -1;
    found.focus();
  }

  for (const place of document.querySelectorAll(".course-unpack:not([data-is-unpacked])")) {
    const image = place.querySelector("img");
    const [, data] = image?.src.match(/^data:image\/svg\+xml;base64,(.*)$/) ?? [];
    if (!data) continue;
    place.dataset.isUnpacked = "yes";
    const bytes = Uint8Array.from(atob(data), (letter) => letter.charCodeAt(0));
    const text = new TextDecoder().decode(bytes);
    const svg = new DOMParser().parseFromString(text, "image/svg+xml").documentElement;
    svg.setAttribute("role", "group");
    svg.setAttribute("aria-label", image.alt);
    const clicks = JSON.parse(place.dataset.clicks);
    svg.querySelectorAll(".packet").forEach((packet, number) => {
      const words = clicks[number + 1];
      if (!words) return;
      const title = packet.querySelector("title").textContent;
      packet.setAttribute("role", "button");
      packet.setAttribute("tabindex", "0");
      packet.setAttribute("aria-label", `${title}. Choose ${words}`);
      packet.addEventListener("click", () => choose(place, words));
      packet.addEventListener("keydown", (event) => {
        if (event.key !== "Enter" && event.key !== " ") return;
        event.preventDefault();
        event.stopPropagation(); // or a notebook would take it for a command of its own
        choose(place, words);
      });
    });
    // In a tree of its own, as the drawing's style would else reach the page.
    const host = document.createElement("div");
    host.className = image.className;
    const looks = document.createElement("style");
    looks.textContent = LOOKS;
    host.attachShadow({ mode: "open" }).append(looks, svg);
    image.replaceWith(host);
  }
})();
