// The search over all chapters, assignments and words. Its index is a script that is loaded at the first
// search: a page that is opened from the disk may load no other file.
(() => {
    const root = document.documentElement.dataset.root;
    const MOST = 30;
    const AROUND = 70; // characters of a text before and after what was found
    let dialog, field, list, said;

    const plain = text => text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();

    function make(tag, attributes = {}, ...children) {
        const element = document.createElement(tag);
        for (const [name, value] of Object.entries(attributes)) {
            element.setAttribute(name, value);
        }
        element.append(...children);
        return element;
    }

    let loading = null;
    function load() {
        loading ??= new Promise((done, failed) => {
            const script = make('script', {src: `${root}searched.js`});
            script.addEventListener('load', () => done(prepared(window.courseIndex)));
            script.addEventListener('error', failed);
            document.head.append(script);
        });
        return loading;
    }

    function prepared(index) {
        const words = index.words.map(([word, meaning, at, forms]) => ({
            to: `${index.glossary}#${at}`, head: word, where: 'Words of the course', text: meaning,
            parts: [plain(`${word} ${forms}`), plain(meaning), ''], isWord: true,
        }));
        const sections = index.sections.map(([page, at, head, text, code]) => ({
            to: index.pages[page][0] + (at ? `#${at}` : ''), head, where: index.pages[page][1],
            text, parts: [plain(head), plain(text), plain(code)],
        }));
        return [...words, ...sections];
    }

    // How well a section fits one word that was typed: 0 for not at all.
    function points({parts: [head, text, code], isWord}, term) {
        const begins = part => ` ${part.replace(/[^\p{L}\p{N}_]+/gu, ' ')}`.includes(` ${term}`);
        if (isWord && head.split(' ').includes(term)) { return 40; }
        if (begins(head)) { return 20; }
        if (begins(text)) { return 6 + Math.min(4, text.split(term).length); }
        if (begins(code)) { return 5; }
        return head.includes(term) || text.includes(term) || code.includes(term) ? 1 : 0;
    }

    function find(sections, typed) {
        const terms = plain(typed).split(/[^\p{L}\p{N}_]+/u).filter(Boolean);
        if (!terms.length) { return []; }
        const rated = sections.map(section => {
            const each = terms.map(term => points(section, term));
            const has = each.filter(Boolean).length;
            return {section, terms, has, sum: each.reduce((a, b) => a + b)};
        });
        // Those with all words; where none has them all, those with most of them.
        const most = Math.max(...rated.map(each => each.has));
        return rated.filter(each => each.sum && each.has === most).sort((a, b) => b.sum - a.sum);
    }

    // A piece of the text round the first word that was found, with these words marked.
    function piece({text}, terms) {
        const low = text.toLowerCase();
        const places = terms.map(term => low.indexOf(term)).filter(at => at >= 0);
        const from = Math.max(0, Math.min(...(places.length ? places : [0])) - AROUND);
        const start = from ? text.indexOf(' ', from) + 1 : 0;
        const cut = text.slice(start, start + 3 * AROUND);
        const line = make('span', {class: 'piece'}, start ? '… ' : '');
        let rest = cut;
        while (rest) {
            const found = terms.map(term => [rest.toLowerCase().indexOf(term), term.length])
                .filter(([at]) => at >= 0).sort((a, b) => a[0] - b[0])[0];
            if (!found) { line.append(rest); break; }
            const [at, long] = found;
            line.append(rest.slice(0, at), make('mark', {}, rest.slice(at, at + long)));
            rest = rest.slice(at + long);
        }
        if (start + cut.length < text.length) { line.append(' …'); }
        return line;
    }

    async function show() {
        const typed = field.value;
        let sections;
        try { sections = await load(); } catch {
            said.textContent = 'The index could not be loaded: searched.js is missing.';
            return;
        }
        if (typed !== field.value) { return; }
        const found = find(sections, typed);
        list.replaceChildren(...found.slice(0, MOST).map(({section, terms}) => {
            const link = make('a', {href: root + section.to}, make('strong', {}, section.head),
                make('span', {class: 'from'}, section.where), piece(section, terms));
            link.addEventListener('click', () => dialog.close());
            return make('li', {}, link);
        }));
        const some = found.length > MOST ? `, the best ${MOST} are shown` : '';
        said.textContent = !typed.trim() ? ''
            : found.length === 1 ? '1 place' : `${found.length} places${some}`;
    }

    function build() {
        field = make('input', {type: 'search', id: 'searched', autocomplete: 'off',
            spellcheck: 'false'});
        said = make('p', {class: 'said', 'aria-live': 'polite'});
        list = make('ul', {class: 'found'});
        dialog = make('dialog', {class: 'search', 'aria-label': 'Search'},
            make('form', {method: 'dialog'}, make('label', {for: 'searched'},
                'Search in all chapters and words'), make('div', {class: 'row'}, field,
                make('button', {class: 'close', type: 'button'}, 'Close'))), said, list);
        dialog.querySelector('.close').addEventListener('click', () => dialog.close());
        dialog.querySelector('form').addEventListener('submit', event => {
            event.preventDefault(); // Enter leads to the best place
            list.querySelector('a')?.click();
        });
        dialog.addEventListener('click', event => {
            if (event.target === dialog) { dialog.close(); }
        });
        field.addEventListener('input', show);
        field.addEventListener('keydown', event => { // else Escape would only empty the field
            if (event.key === 'Escape') { dialog.close(); }
        });
        document.body.append(dialog);
    }

    function open() {
        if (!dialog) { build(); }
        if (dialog.open) { return; }
        dialog.showModal();
        field.select();
        load().catch(() => {});
    }

    document.querySelector('.to-search').addEventListener('click', open);
    document.addEventListener('keydown', event => {
        const typing = event.target.closest?.('input, textarea, select, dialog');
        const modified = event.ctrlKey || event.metaKey || event.altKey;
        if (event.key === '/' && !typing && !modified) {
            event.preventDefault();
            open();
        }
    });
})();
