// A sequence diagram of the site gets buttons that show its packets one after another. Another script
// may have unpacked it before, to let its packets be clicked. Without scripts the picture stands.

const EACH = 1200; // milliseconds between two packets that are played

function make(tag, attributes = {}, ...children) {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) { element.setAttribute(name, value); }
    element.append(...children);
    return element;
}

// The picture's own SVG, or null where it is no sequence diagram of two packets or more.
function diagramOf(image) {
    const data = /^data:image\/svg\+xml;base64,(.*)$/.exec(image.src)?.[1];
    if (!data) { return null; }
    const bytes = Uint8Array.from(atob(data), character => character.charCodeAt(0));
    const text = new TextDecoder().decode(bytes);
    const {documentElement: svg} = new DOMParser().parseFromString(text, 'image/svg+xml');
    return svg.querySelectorAll('g.packet').length > 1 ? svg : null;
}

// The picture's place with its SVG inside, in a tree of its own, so that its style stays there.
function unpacked(image, svg) {
    const place = make('div', {class: image.className, role: 'img', 'aria-label': image.alt});
    place.style.maxWidth = `${image.width || svg.getAttribute('width')}px`;
    svg.style.cssText = 'display: block; width: 100%; height: auto';
    place.attachShadow({mode: 'open'}).append(document.importNode(svg, true));
    image.replaceWith(place);
    return place;
}

class Player {
    constructor(place) {
        this.timer = null;
        this.packets = [...place.shadowRoot.querySelectorAll('g.packet')];
        this.words = this.packets.map(each =>
            each.querySelector('title')?.textContent ?? each.getAttribute('aria-label') ?? '');
        place.classList.add('diagram');
        const button = (words, act) => {
            const made = make('button', {type: 'button'}, words);
            made.addEventListener('click', act);
            return made;
        };
        this.back = button('Back', () => this.go(-1));
        this.next = button('Next', () => this.go(1));
        this.play = button('Play', () => this.toggle());
        this.said = make('span', {class: 'said', 'aria-live': 'polite'});
        const bar = make('div', {class: 'player', role: 'group', 'aria-label':
            'Packet by packet'}, this.back, this.next, this.play, this.said);
        bar.addEventListener('keydown', event => this.pressed(event));
        place.after(bar);
        this.show(this.packets.length, '');
    }

    show(count, words) {
        this.shown = count;
        this.packets.forEach((packet, place) => {
            packet.style.visibility = place < count ? '' : 'hidden';
        });
        this.said.textContent = words ?? `${count} of ${this.packets.length}`
            + (count ? `: ${this.words[count - 1]}` : '');
    }

    // From the whole diagram "next" begins anew, with its first packet.
    go(by) {
        this.stop();
        const all = this.packets.length;
        this.show(this.shown === all && by > 0 ? 1 : Math.max(0, this.shown + by));
    }

    toggle() {
        if (this.timer) { this.stop(); return; }
        if (this.shown === this.packets.length) { this.show(0); }
        this.play.textContent = 'Pause';
        const on = () => {
            this.show(this.shown + 1);
            if (this.shown === this.packets.length) { this.stop(); }
        };
        this.timer = setInterval(on, EACH);
        on();
    }

    stop() {
        clearInterval(this.timer);
        this.timer = null;
        this.play.textContent = 'Play';
    }

    pressed(event) {
        if (event.ctrlKey || event.metaKey || event.altKey) { return; }
        const keys = {
            ArrowRight: () => this.go(1), ArrowLeft: () => this.go(-1),
            Home: () => { this.stop(); this.show(0); },
            End: () => { this.stop(); this.show(this.packets.length); },
        };
        if (!keys[event.key]) { return; }
        event.preventDefault();
        keys[event.key]();
    }
}

for (const image of document.querySelectorAll('img')) {
    const svg = diagramOf(image);
    if (svg) { unpacked(image, svg); }
}
for (const place of document.querySelectorAll('div.course-picture')) {
    if (place.shadowRoot?.querySelectorAll('g.packet').length > 1) { new Player(place); }
}
