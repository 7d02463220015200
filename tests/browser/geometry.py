"""What a page shows of ours that is cut off, lies over something else, or can't be read."""

# Pictures, tables, controls and texts in outputs that reach beyond what holds them, unless that
# scrolls; buttons and labels whose words do not fit; pictures out of shape; controls of a panel, or
# outputs of a cell, that lie over each other.
CUT_OFF = """() => {
    const found = [];
    const say = (what, element) => {
        const {left, right} = element.getBoundingClientRect();
        const words = (element.alt ?? element.innerText ?? '').slice(0, 60);
        found.push(`${what}: ${element.tagName} ${element.className} ${left} to ${right} ${words}`);
    };
    const shown = element => {
        const box = element.getBoundingClientRect();
        return box.width > 0 && box.height > 0 && element.checkVisibility();
    };
    const scrolls = element => /auto|scroll/.test(getComputedStyle(element).overflowX);
    const parts = 'img, svg, table, pre, p, li, button, input, [role=alert], .widget-label, ' +
        '.widget-readout, .noUi-handle, .noUi-target';
    const page = document.querySelector('.jp-Notebook').getBoundingClientRect();
    for (const area of document.querySelectorAll('.jp-OutputArea-output, .jp-RenderedMarkdown')) {
        const edge = area.getBoundingClientRect();
        if (edge.right > page.right + 1) { say('beyond the page', area); }
        for (const part of [...area.querySelectorAll(parts)].filter(shown)) {
            const box = part.getBoundingClientRect();
            // A table or lines of code may be as wide as they need where they can be scrolled,
            // and a picture that is as small as it can still be read.
            let inside = false;
            for (let at = part.parentElement; at && at !== area.parentElement;
                    at = at.parentElement) {
                inside ||= scrolls(at) && !part.matches('button, input, [class*=widget]')
                    && !(part.matches('img') && box.width > 385);
            }
            if (!inside && (box.right > edge.right + 1 || box.left < edge.left - 8)) {
                say('cut off', part);
            }
            if (part.matches('button, .widget-label, .widget-readout')
                    && part.scrollWidth > part.clientWidth + 1) { say('words cut off', part); }
            if (part.matches('img') && Math.abs(
                    box.width / box.height / (part.naturalWidth / part.naturalHeight) - 1) > 0.02) {
                say('out of shape', part);
            }
        }
    }
    const over = elements => {
        const boxes = elements.filter(shown).map(each => [each, each.getBoundingClientRect()]);
        boxes.forEach(([one, a], index) => boxes.slice(index + 1).forEach(([, b]) => {
            if (Math.min(a.right, b.right) - Math.max(a.left, b.left) > 1
                && Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 1) {
                say('lies over another', one);
            }
        }));
    };
    for (const area of document.querySelectorAll('.jp-OutputArea')) { over([...area.children]
        .filter(each => each.matches('.jp-OutputArea-child'))); }
    for (const box of document.querySelectorAll('.jp-OutputArea-output:has(.jupyter-widgets)')) {
        over([...box.querySelectorAll(
            '.widget-label, .widget-readout, .slider-container, button, input')]);
    }
    return found;
}"""
# Text that is told from its background by less than WCAG 2.2, 1.4.3 asks for, in our outputs.
TOO_FAINT = """() => {
    const parse = text => (text.match(/[\\d.]+/g) ?? []).map(Number);
    const light = ([r, g, b]) => [r, g, b].map(c => c / 255)
        .map(c => c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4)
        .reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i], 0);
    const behind = element => {
        for (let at = element; at; at = at.parentElement) {
            const colour = parse(getComputedStyle(at).backgroundColor);
            if (colour.length === 3 || colour[3] === 1) { return colour; }
        }
        return [255, 255, 255];
    };
    const outputs = document.querySelectorAll('.jp-OutputArea-output');
    const all = [...outputs].flatMap(output => [...output.querySelectorAll('*')]);
    return all.filter(each => [...each.childNodes].some(n => n.nodeType === 3 && n.data.trim()))
        .filter(each => each.getBoundingClientRect().height)
        .filter(each => {
            const [one, two] = [light(parse(getComputedStyle(each).color)), light(behind(each))];
            return (Math.max(one, two) + 0.05) / (Math.min(one, two) + 0.05) < 4.5;
        }).map(each => each.textContent);
}"""
