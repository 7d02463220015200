// Questions, puzzles, orders and predictions that are answered on the page. What is said of each choice
// stands in the page, as lines of the fold that readers without scripts open.
(() => {
    const kept = window.courseKept;

    function make(tag, attributes = {}, ...children) {
        const element = document.createElement(tag);
        for (const [name, value] of Object.entries(attributes)) {
            element.setAttribute(name, value);
        }
        element.append(...children);
        return element;
    }

    function sign(state) {
        const signs = {right: '✓', wrong: '✗', note: '!'};
        return make('span', {class: `course-sign course-sign-${state}`, 'aria-hidden': 'true'},
            signs[state]);
    }

    function mark(buttons, chosen) {
        for (const each of buttons) {
            each.setAttribute('aria-pressed', String(each === chosen));
        }
    }

    class Asked {
        constructor(card) {
            this.card = card;
            this.name = card.dataset.name;
            this.buttons = [...card.querySelectorAll('button[data-choice]')];
            this.feedback = card.querySelector('.course-feedback');
            this.missed = false; // since the page was opened
            for (const button of this.buttons) {
                button.disabled = false;
                button.addEventListener('click', () => this.chosen(button));
            }
        }

        // Shows a verdict: its sign, the words that stand out, what follows.
        say(state, head, ...rest) {
            const parts = state ? [sign(state), ' '] : [];
            this.feedback.replaceChildren(...parts, make('strong', {}, head), ' ', ...rest);
        }

        answerOf(button) {
            return this.answers.find(each => each.dataset.choice === button.dataset.choice);
        }

        get answers() { return [...this.card.querySelectorAll('.answers [data-line]')]; }

        reasonOf(answer) { return answer.querySelector('span:not([aria-hidden])').cloneNode(true); }
    }

    class Choice extends Asked {
        constructor(card) {
            super(card);
            const before = kept.answer(this.name);
            const answer = before && this.answers.find(each => each.dataset.line === before.choice);
            const button = answer && this.buttons.find(
                each => each.dataset.choice === answer.dataset.choice);
            if (!button) { return; }
            mark(this.buttons, button);
            const right = 'right' in answer.dataset;
            this.say(right ? 'right' : 'wrong',
                `You answered ${button.dataset.letter}: ${right ? 'right.' : 'not quite.'}`);
        }

        chosen(button) {
            const answer = this.answerOf(button);
            const right = 'right' in answer.dataset;
            this.missed ||= !right;
            const problem = kept.keepAnswer(this.name, answer.dataset.line, right, this.missed);
            mark(this.buttons, button);
            const head = `${button.dataset.letter}: ${right ? 'Right.' : 'Not quite.'}`;
            this.say(right ? 'right' : 'wrong', head, this.reasonOf(answer),
                ` ${right ? '' : 'Try another. '}${problem}`);
        }
    }

    class Order extends Asked {
        constructor(card) {
            super(card);
            card.querySelector('.again').addEventListener('click', () => this.begin());
            const lines = kept.answer(this.name)?.choice.split('\n') ?? [];
            const fits = lines.every((line, place) => this.answers[place]?.dataset.line === line);
            this.soFar = fits && lines[0] ? this.answers.slice(0, lines.length) : [];
            if (this.soFar.length) { this.tell(''); }
        }

        begin() {
            this.soFar = [];
            this.missed = false;
            mark(this.buttons, null);
            this.say('', 'Begin again:', 'which line comes first?');
        }

        chosen(button) {
            const answer = this.answerOf(button), {letter} = button.dataset;
            if (this.soFar.includes(answer)) {
                this.say('note', `${letter} stands there already.`, this.listing());
                return;
            }
            if (answer !== this.answers[this.soFar.length]) {
                this.missed = true;
                const problem = this.keep(false);
                this.say('wrong', `${letter}: Not yet.`, this.reasonOf(answer),
                    ` Try another. ${problem}`, this.listing());
                return;
            }
            this.soFar.push(answer);
            this.tell(this.keep(this.soFar.length === this.answers.length));
        }

        keep(right) {
            const lines = this.soFar.map(each => each.dataset.line).join('\n');
            return kept.keepAnswer(this.name, lines, right, this.missed);
        }

        tell(problem) {
            const letters = this.soFar.map(each => each.dataset.choice[0]).join(', ');
            const last = this.soFar.at(-1);
            mark(this.buttons, this.buttons.find(
                each => each.dataset.choice === last.dataset.choice));
            if (this.soFar.length === this.answers.length) {
                this.say('right', 'Right.', `The order is ${letters}. ${problem}`, this.listing());
            } else {
                this.say('', `So far: ${letters}.`, `What comes next? ${problem}`, this.listing());
            }
        }

        listing() {
            const lines = this.soFar.map(each => each.dataset.line).join('\n');
            return lines ? make('pre', {class: 'course-lines'}, lines) : '';
        }
    }

    // A number as people type it, "1,024", "1 024", "about 5", "50 %"; null where it can't be read.
    function read(text, unit) {
        let typed = text.trim().toLowerCase().replace(/^(about|around|roughly|~|≈|=)\s*/, '');
        const last = unit.toLowerCase().split(' ')[0];
        for (const ending of [unit.toLowerCase(), last, last.replace(/s$/, ''), '%']) {
            if (ending && typed.endsWith(ending)) { typed = typed.slice(0, -ending.length).trim(); }
        }
        typed = typed.replace(/[\s'’_]/g, '');
        if (/^[+-]?[1-9]\d{0,2}(,\d{3})+$/.test(typed)) { typed = typed.replaceAll(',', ''); }
        typed = typed.replace(',', '.');
        return /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/.test(typed) ? Number(typed) : null;
    }

    const short = number => String(Number(number.toPrecision(4)));

    class Prediction extends Asked {
        constructor(card) {
            super(card);
            this.form = card.querySelector('form');
            this.field = this.form?.querySelector('input');
            this.form?.addEventListener('submit', event => {
                event.preventDefault();
                this.typed();
            });
            this.result = [...document.querySelectorAll('details.result[data-measured]')].find(
                each => this.name in JSON.parse(each.dataset.measured));
            this.result?.addEventListener('toggle', () => this.compare());
            this.value = kept.prediction(this.name);
            if (this.value === null) { return; }
            if (this.field) { this.field.value = this.value; }
            mark(this.buttons, this.buttons.find(each => each.dataset.line === this.value));
            this.tell('');
        }

        words(value) {
            return typeof value === 'string' ? value
                : `${short(value)} ${this.card.dataset.unit}`.trim().replace(' %', '%');
        }

        typed() {
            const {unit, low, high, wanted} = this.card.dataset;
            const number = read(this.field.value, unit);
            const fits = number !== null && Number.isFinite(number)
                && number >= Number(low ?? -Infinity) && number <= Number(high ?? Infinity);
            if (fits) { this.keep(number); } else { this.say('note', 'Not kept.', `Type ${wanted}.`); }
        }

        chosen(button) {
            mark(this.buttons, button);
            this.keep(button.dataset.line);
        }

        keep(value) {
            this.value = value;
            this.tell(kept.keepPrediction(this.name, value));
            if (this.result?.open) { this.compare(); }
        }

        tell(problem) {
            const then = this.result ? 'Now open the result below.' : '';
            this.say('', 'Your prediction:', `${this.words(this.value)}. ${then} ${problem}`);
        }

        // Sets the prediction beside what was measured, below the result that was opened.
        compare() {
            if (!this.result.open || this.value === null) { return; }
            const text = JSON.parse(this.result.dataset.measured)[this.name];
            const measured = this.field ? Number.parseFloat(text.replaceAll(',', '')) : text;
            kept.keepMeasured(this.name, measured);
            let gap = '';
            if (this.field && measured !== this.value) {
                const side = this.value > measured ? 'more' : 'less';
                gap = `, ${short(Math.abs(this.value - measured))} ${side}`;
            }
            const sentence = measured === this.value ? 'You predicted exactly that.'
                : `You predicted ${this.words(this.value)}${gap}.`;
            this.line ??= this.result.appendChild(make('p', {class: 'compared',
                'aria-live': 'polite'}));
            this.line.textContent = `Measured: ${text}. ${sentence}`;
        }
    }

    const kinds = {choice: Choice, order: Order, predict: Prediction};
    for (const card of document.querySelectorAll('.course-card[data-kind]')) {
        new kinds[card.dataset.kind](card);
    }
})();
