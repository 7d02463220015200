// The buttons below a sequence diagram of the site, which show its packets one after another. Another script
// has unpacked it before, to let its packets be pointed at. Without scripts the picture stands.

const EACH = 1200; // milliseconds between two packets that are played

class Player {
    constructor(place, bar) {
        this.timer = null;
        this.packets = [...place.shadowRoot.querySelectorAll('g.packet')];
        this.words = this.packets.map(each =>
            each.querySelector('title')?.textContent ?? each.getAttribute('aria-label') ?? '');
        place.classList.add('diagram');
        const [back, next, play] = bar.querySelectorAll('button');
        this.play = play;
        back.addEventListener('click', () => this.go(-1));
        next.addEventListener('click', () => this.go(1));
        play.addEventListener('click', () => this.toggle());
        this.said = bar.querySelector('.said');
        bar.addEventListener('keydown', event => this.pressed(event));
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

for (const bar of document.querySelectorAll('.figure > .player')) {
    const place = bar.parentElement.querySelector('div.course-picture');
    if (place?.shadowRoot) { new Player(place, bar); } else { bar.hidden = true; }
}
