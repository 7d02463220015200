// What every page of the site has: the theme, the contents, copying, boxes that scroll, large pictures.
(() => {
    const root = document.documentElement;

    function make(tag, attributes = {}, ...children) {
        const element = document.createElement(tag);
        for (const [name, value] of Object.entries(attributes)) {
            element.setAttribute(name, value);
        }
        element.append(...children);
        return element;
    }

    // The theme: as the system has it, light, or dark.
    const THEMES = {'': 'auto', light: 'light', dark: 'dark'};
    const toTheme = document.querySelector('.to-theme');
    const sayTheme = () => {
        toTheme.replaceChildren(make('span', {}, 'Theme: '), THEMES[root.dataset.theme ?? '']);
    };
    toTheme.addEventListener('click', () => {
        const names = Object.keys(THEMES);
        const next = names[(names.indexOf(root.dataset.theme ?? '') + 1) % names.length];
        if (next) { root.dataset.theme = next; } else { delete root.dataset.theme; }
        try { localStorage.setItem('course-theme', next); } catch { /* for this page only */ }
        sayTheme();
    });
    sayTheme();

    // The contents, where they lie over the page: a link in them leads below them.
    const contents = document.querySelector('.side');
    contents.addEventListener('click', event => {
        const isOver = contents.hidePopover && contents.matches(':popover-open');
        if (isOver && event.target.closest('a')) {
            contents.hidePopover();
        }
    });
    const sections = new Map([...contents.querySelectorAll('.sections a')].map(
        link => [document.getElementById(decodeURIComponent(link.hash.slice(1))), link]));
    const passed = new IntersectionObserver(() => {
        const above = [...sections.keys()].filter(
            each => each && each.getBoundingClientRect().top < innerHeight / 3);
        const here = above.at(-1);
        for (const [heading, link] of sections) {
            if (heading === here) {
                link.setAttribute('aria-current', 'true');
            } else {
                link.removeAttribute('aria-current');
            }
        }
    }, {rootMargin: '0px 0px -66% 0px'});
    for (const heading of sections.keys()) { if (heading) { passed.observe(heading); } }

    // Copying.
    async function copied(text) {
        try {
            await navigator.clipboard.writeText(text);
            return true;
        } catch { // not allowed here: the old way
            const field = make('textarea', {class: 'unseen', 'aria-hidden': 'true'});
            field.value = text;
            document.body.append(field);
            field.select();
            const done = document.execCommand('copy');
            field.remove();
            return done;
        }
    }
    for (const pre of document.querySelectorAll('.code pre, .text pre, .chapters ~ pre')) {
        const button = make('button', {type: 'button', class: 'copy'}, 'Copy');
        button.addEventListener('click', async () => {
            const done = await copied(pre.textContent.replace(/\n$/, ''));
            button.textContent = done ? 'Copied' : 'Not copied';
            setTimeout(() => { button.textContent = 'Copy'; }, 2000);
        });
        const box = pre.closest('.code') ?? pre.parentElement;
        if (box.matches('.code')) {
            box.append(button);
        } else { // lines of a text: a box of their own
            const own = make('div', {class: 'copied'});
            pre.replaceWith(own);
            own.append(pre, button);
        }
    }

    // A box that has nothing to scroll is no stop of Tab.
    const boxes = [...document.querySelectorAll('.scrolls')];
    const measure = each => {
        if (each.scrollWidth > each.clientWidth + 1) {
            each.tabIndex = 0;
        } else {
            each.removeAttribute('tabindex');
        }
    };
    const sizes = new ResizeObserver(entries => entries.forEach(each => measure(each.target)));
    for (const box of boxes) { sizes.observe(box); }

    // Large pictures. This script runs before the one that unpacks diagrams, so it knows their files.
    let dialog = null;
    function open(source, words, isTurned) {
        if (!dialog) {
            dialog = make('dialog', {class: 'large', 'aria-label': 'A picture, large'},
                make('form', {method: 'dialog'}, make('button', {class: 'close'}, 'Close')),
                make('div', {class: 'view', tabindex: '0', role: 'group',
                    'aria-label': 'The picture. Moves in all directions'}));
            dialog.addEventListener('click', event => {
                if (event.target === dialog) { dialog.close(); }
            });
            document.body.append(dialog);
        }
        const image = make('img', {src: source, alt: words});
        if (isTurned) { image.className = 'turned'; }
        dialog.querySelector('.view').replaceChildren(image);
        dialog.showModal();
    }
    for (const figure of document.querySelectorAll('.figure')) {
        const {src, alt} = figure.querySelector('img');
        const show = () => open(src, alt, true);
        figure.querySelector('.larger')?.addEventListener('click', show);
        if (!figure.matches('.has-packets')) {
            figure.querySelector('img').addEventListener('click', show);
        }
    }

    // Where the reader was last, for the front page.
    if (document.body.matches('.chapter') && !root.dataset.page.startsWith('solutions')) {
        try { localStorage.setItem('course-last', root.dataset.page); } catch { /* not kept */ }
    }

    // On paper hidden results are to be read, and the answers of questions are not.
    let opened = [];
    addEventListener('beforeprint', () => {
        opened = [...document.querySelectorAll('details.result:not([open])')];
        for (const fold of opened) { fold.open = true; }
    });
    addEventListener('afterprint', () => {
        for (const fold of opened) { fold.open = false; }
    });
})();
