// The page's side of a live view: packets that move between two lifelines, and what acts on them.
// The kernel tells what is on its way and what has ended; it alone decides what becomes of a packet.

const ROW = 32, FEW_ROWS = 5, MANY_ROWS = 12; // pixels; rows of the field at first and at the most
const DEAF_AFTER = 1500; // milliseconds without an answer to the first word
const HELLO_EVERY = 150, HELLO_LATER = 2000; // milliseconds, until there is one
const SPOKEN_EVERY = 300, MOST_SPOKEN = 4; // milliseconds; sentences in that time
const LINES = 5; // of what happened
const SLIP = 30; // milliseconds by which a packet's end may differ before it is moved anew
const OVER = 'The run is over.';
const DEAF = 'This front end answers only when the cell has ended. You can watch the packets here, '
    + 'but not stop them.';
const HELP = 'A click on a packet kills it. By keys: arrows choose a packet, K kills it, D doubles '
    + 'it, H holds it for a second; P pauses, S steps, G goes on.';

function make(tag, attributes = {}, ...children) {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) { element.setAttribute(name, value); }
    element.append(...children);
    return element;
}

function inTime(seconds) {
    return seconds < 1 ? `${Math.round(seconds * 1000)} ms` : `${seconds.toFixed(1)} s`;
}

// The slider's hundred steps stand for equal ratios: from 10 ms to 20 takes as many as from 1 s to 2.
function secondsAt(step, {fastest, slowest}) {
    return Number((fastest * (slowest / fastest) ** (step / 100)).toPrecision(2));
}

function stepAt(seconds, {fastest, slowest}) {
    const inside = Math.min(slowest, Math.max(fastest, seconds));
    return Math.round(100 * Math.log(inside / fastest) / Math.log(slowest / fastest));
}

class View {
    constructor(model, el) {
        this.model = model;
        this.setup = model.get('setup');
        this.packets = new Map(); // by id: its element, its label, its animation
        this.rows = []; // of the field: which way its packets go, how many, when it has room again
        this.timers = new Set();
        this.current = null;
        this.paused = this.over = this.deaf = false;
        this.waiting = [];
        this.still = matchMedia('(prefers-reduced-motion: reduce)');
        this.build(el);
        this.hear = news => this.take(news);
        model.on('msg:custom', this.hear);
        this.unanswered = this.later(DEAF_AFTER, () => {
            this.deaf = true;
            this.refresh();
        });
        this.greet();
    }

    // Again and again: what JupyterLab sends before it has a subshell for this waits for the cell.
    greet() {
        this.model.send({do: 'hello'});
        this.greeting = this.later(this.deaf ? HELLO_LATER : HELLO_EVERY, () => this.greet());
    }

    dispose() {
        this.model.off('msg:custom', this.hear);
        this.timers.forEach(clearTimeout);
        this.packets.forEach(packet => packet.animation?.cancel());
    }

    later(milliseconds, act) {
        const timer = setTimeout(() => { this.timers.delete(timer); act(); }, milliseconds);
        this.timers.add(timer);
        return timer;
    }

    ask(what, more = {}) {
        if (this.deaf || this.over) { return; }
        this.model.send({do: what, ...more});
    }

    // What there is

    build(el) {
        const style = make('style');
        style.textContent = this.setup.style.replace(/<\/?style>/g, '');
        const button = (words, key, act) => {
            const made = make('button', {type: 'button', title: `${words} (${key})`}, words);
            made.addEventListener('click', () => {
                if (made.getAttribute('aria-disabled') !== 'true') { act(); }
            });
            return made;
        };
        this.pause = button('Pause', 'P', () => this.ask('pause'));
        this.stepOn = button('Step', 'S', () => this.ask('step'));
        this.go = button('Go', 'G', () => this.ask('go'));
        this.slider = make('input', {type: 'range', min: 0, max: 100, step: 1,
            'aria-label': 'Delay of the link'});
        this.readout = make('span', {class: 'course-live-readout', 'aria-hidden': 'true'});
        this.slider.value = stepAt(this.setup.delay, this.setup);
        this.showDelay(this.setup.delay);
        this.slider.addEventListener('input', () => this.moved());
        const delay = make('label', {class: 'course-live-delay'}, 'Delay ', this.slider,
            this.readout);
        const top = make('div', {class: 'course-live-bar'}, this.pause, this.stepOn, this.go, delay);

        this.field = make('div', {class: 'course-live-field', role: 'listbox', tabindex: 0,
            'aria-label': 'Packets on their way'});
        const names = make('div', {class: 'course-live-names', 'aria-hidden': 'true'},
            ...this.setup.roles.map(name => make('span', {}, name)));
        this.more = make('div', {class: 'course-live-more'});
        this.act = ['kill', 'double', 'hold'].map(what => {
            const words = {kill: 'Kill', double: 'Double', hold: 'Hold 1 s'}[what];
            return button(words, what[0].toUpperCase(), () => this.actOn(what));
        });
        this.chosen = make('span', {class: 'course-live-chosen'});
        const bottom = make('div', {class: 'course-live-bar', role: 'group',
            'aria-label': 'The chosen packet'}, ...this.act, this.chosen);
        this.note = make('p', {class: 'course-live-note', role: 'status'});
        this.log = make('ul', {class: 'course-live-log', 'aria-label': 'What happened'});
        this.spoken = make('div', {class: 'course-live-unseen', 'aria-live': 'polite'});
        this.root = make('div', {class: 'course-live', role: 'group', 'aria-label':
            'Live view of the link'}, style, top, names, this.field, this.more, bottom, this.note,
            make('p', {class: 'course-live-help'}, HELP), this.log, this.spoken);
        for (const each of this.root.querySelectorAll('button, input, [tabindex]')) {
            each.dataset.lmSuppressShortcuts = 'true'; // JupyterLab's D D would delete the cell
        }
        this.root.dataset.lmSuppressShortcuts = 'true';
        this.root.addEventListener('keydown', event => this.pressed(event));
        this.field.addEventListener('pointerdown', event => this.pointed(event));
        this.field.addEventListener('click', event => this.pointed(event));
        this.grow();
        this.refresh();
        el.append(this.root);
    }

    showDelay(seconds) {
        this.readout.textContent = inTime(seconds);
        this.slider.setAttribute('aria-valuetext', inTime(seconds));
    }

    moved() {
        const seconds = secondsAt(Number(this.slider.value), this.setup);
        this.showDelay(seconds);
        clearTimeout(this.slow);
        this.slow = this.later(50, () => this.ask('delay', {seconds}));
    }

    refresh() {
        const packet = this.packets.get(this.current);
        const note = this.over ? OVER : this.deaf ? DEAF : '';
        if (this.note.textContent !== note) { this.note.textContent = note; } // it is read out
        this.chosen.textContent = packet ? packet.label : 'no packet is on its way';
        // Not `disabled`: the button that has just been pressed would lose the keyboard's place.
        const allow = (each, may) => each.setAttribute('aria-disabled', String(this.over || !may));
        this.act.forEach(each => allow(each, packet));
        allow(this.pause, !this.paused);
        allow(this.go, this.paused);
        allow(this.stepOn, true);
        this.slider.disabled = this.over;
        this.root.classList.toggle('course-live-is-paused', this.paused);
        this.packets.forEach((each, id) =>
            each.chip.setAttribute('aria-selected', String(id === this.current)));
        if (packet) {
            this.field.setAttribute('aria-activedescendant', packet.chip.id);
        } else { this.field.removeAttribute('aria-activedescendant'); }
    }

    // What the kernel tells

    take(news) {
        if (news.hello) {
            clearTimeout(this.unanswered);
            clearTimeout(this.greeting);
            this.deaf = false;
        }
        const wasPaused = this.paused;
        this.paused = news.paused;
        news.packets?.forEach(each => this.fly(each));
        news.gone?.forEach(each => this.end(each));
        if (news.more !== undefined) {
            this.more.textContent = news.more > 0 ? `and ${news.more} more on their way` : '';
        }
        if (wasPaused !== this.paused) {
            this.packets.forEach(each =>
                this.paused ? each.animation.pause() : each.animation.play());
        }
        if (news.said) { this.say(news.said); }
        if (news.over && !this.over) {
            this.over = true;
            clearTimeout(this.unanswered);
            clearTimeout(this.greeting);
            this.packets.forEach(each => each.animation.pause());
        }
        if (!this.packets.has(this.current)) {
            this.current = this.inOrder()[0] ?? null;
        }
        this.refresh();
    }

    fly({id, up, label, at, left, sent}) {
        const known = this.packets.get(id);
        if (known) {
            const {animation, length} = known;
            if (Math.abs(length - animation.currentTime - left) > SLIP) {
                known.from = this.progress(known);
                this.move(known, left);
            }
            return;
        }
        const chip = make('div', {class: `course-live-packet course-live-${up ? 'up' : 'down'}`,
            role: 'option', id: `course-live-${id}-${Math.round(performance.now())}`,
            'aria-label': `${label}, to the ${this.setup.roles[Number(up)]}`},
        up ? `${label} →` : `← ${label}`);
        chip.dataset.id = id;
        const track = make('div', {class: 'course-live-track'}, chip);
        this.field.append(track);
        const packet = {chip, track, up, label, sent, from: at};
        const wide = chip.offsetWidth;
        track.style.width = `calc(100% - ${wide}px)`;
        packet.row = this.rowFor(up, wide, left);
        track.style.top = `calc(var(--course-live-row) * ${packet.row})`;
        this.packets.set(id, packet);
        this.move(packet, left);
    }

    // The first row with room behind the packet that went into it last.
    rowFor(up, wide, left) {
        const now = performance.now();
        const room = Math.max(1, this.field.clientWidth - wide);
        let row = this.rows.findIndex(each =>
            each.count === 0 || (each.up === up && now > each.clear));
        if (row < 0) { row = this.rows.push({count: 0}) - 1; }
        const clear = now + left * Math.min(1, (wide + 8) / room);
        Object.assign(this.rows[row], {up, clear, count: this.rows[row].count + 1});
        this.grow();
        return row;
    }

    grow() {
        const rows = Math.max(FEW_ROWS, this.rows.length);
        const shown = Math.min(rows, MANY_ROWS);
        this.field.style.setProperty('--course-live-row', `${ROW * (shown - 1) / (rows - 1)}px`);
        this.field.style.height = `${ROW * shown + 8}px`;
    }

    progress({animation, from, length}) {
        const done = length ? Math.min(1, (animation.currentTime ?? 0) / length) : 1;
        return from + (1 - from) * done;
    }

    move(packet, left) {
        packet.animation?.cancel();
        const share = part => `translateX(${100 * (packet.up ? part : 1 - part)}%)`;
        packet.length = Math.max(1, left);
        packet.animation = packet.track.animate(
            [{transform: share(packet.from)}, {transform: share(1)}],
            {duration: packet.length, fill: 'both',
                easing: this.still.matches ? 'steps(4)' : 'linear'});
        if (this.paused) { packet.animation.pause(); }
    }

    end({id, up, label, fate, said}) {
        this.say(said, fate);
        let packet = this.packets.get(id);
        if (!packet) { // it was over before it could be seen
            if (fate === 'arrived') { return; }
            this.fly({id, up, label, at: 0.5, left: 1});
            packet = this.packets.get(id);
            packet.animation.pause();
        }
        this.packets.delete(id);
        packet.chip.classList.remove('course-live-asked');
        packet.chip.classList.add(`course-live-${fate}`);
        for (const name of ['role', 'aria-selected', 'data-id']) { packet.chip.removeAttribute(name); }
        packet.chip.setAttribute('aria-hidden', 'true');
        if (fate === 'arrived') { packet.animation.finish(); } else {
            packet.animation.pause();
            packet.chip.textContent = `✗ ${label}`;
        }
        this.later(fate === 'arrived' ? 250 : 1500, () => {
            this.rows[packet.row].count -= 1;
            packet.track.remove();
        });
    }

    // A line for each thing that happened, and, for those who listen, no more than they can hear.
    say(sentence, fate = '') {
        if (!sentence) { return; }
        this.log.prepend(make('li', fate ? {class: `course-live-said-${fate}`} : {}, sentence));
        while (this.log.children.length > LINES) { this.log.lastChild.remove(); }
        this.waiting.push(sentence);
        if (this.waiting.length > 1) { return; }
        this.later(SPOKEN_EVERY, () => {
            const all = this.waiting.splice(0);
            const rest = all.length - MOST_SPOKEN;
            this.spoken.textContent = all.slice(-MOST_SPOKEN).join(' ')
                + (rest > 0 ? ` And ${rest} more.` : '');
        });
    }

    // What the reader does

    pointed(event) {
        const chip = event.target.closest('[data-id]');
        const byItself = event.type === 'click' && event.detail === 0; // not by a pointer
        if (!chip || (event.type === 'pointerdown' ? event.button !== 0 : !byItself)) { return; }
        this.choose(Number(chip.dataset.id));
        this.actOn(event.shiftKey ? 'double' : event.altKey ? 'hold' : 'kill');
    }

    // The ids of the packets on their way, in the order in which they were sent.
    inOrder() {
        const order = ([, one], [, other]) => one.sent - other.sent;
        return [...this.packets].sort(order).map(([id]) => id);
    }

    choose(id) {
        if (this.packets.has(id)) { this.current = id; }
        this.refresh();
    }

    actOn(what) {
        if (this.deaf) { this.say(DEAF); return; }
        const packet = this.packets.get(this.current);
        if (!packet) { return; }
        this.ask(what, {packet: this.current});
        // The answer takes 40 ms where a server keeps small ones back (Nagle's algorithm).
        if (what === 'kill') { packet.chip.classList.add('course-live-asked'); }
    }

    pressed(event) {
        if (event.ctrlKey || event.metaKey || event.altKey || event.target === this.slider) {
            return;
        }
        const ids = this.inOrder(), place = ids.indexOf(this.current);
        const go = to => this.choose(ids[Math.max(0, Math.min(ids.length - 1, to))]);
        const keys = {
            ArrowRight: () => go(place + 1), ArrowDown: () => go(place + 1),
            ArrowLeft: () => go(place - 1), ArrowUp: () => go(place - 1),
            Home: () => go(0), End: () => go(ids.length - 1),
            k: () => this.actOn('kill'), delete: () => this.actOn('kill'),
            d: () => this.actOn('double'), h: () => this.actOn('hold'),
            p: () => this.ask(this.paused ? 'go' : 'pause'), s: () => this.ask('step'),
            g: () => this.ask('go'),
        };
        const act = keys[event.key] ?? keys[event.key.toLowerCase()];
        if (!act) { return; }
        event.preventDefault();
        event.stopPropagation();
        act();
    }
}

export default {
    render({model, el}) {
        const view = new View(model, el);
        return () => view.dispose();
    },
};
