// What the reader has answered, kept in the browser in the form of the notebooks' progress.json, which
// helpers/study/progress.py describes. Nothing of it leaves the machine, unless as a file by hand.
window.courseKept = (() => {
    const PLACE = 'course-progress';
    const SECTIONS = ['exercises', 'predictions', 'quizzes', 'firsts', 'seen'];
    const isEntries = value => typeof value === 'object' && value !== null && !Array.isArray(value);
    let held = null; // where the browser keeps nothing: until the page is left

    function whole(data) {
        const found = isEntries(data) ? data : {};
        const made = {version: Number(document.documentElement.dataset.format)};
        for (const section of SECTIONS) {
            made[section] = isEntries(found[section]) ? found[section] : {};
        }
        if (isEntries(found.assignments)) { made.assignments = found.assignments; }
        return made;
    }

    function read() {
        if (held) { return held; }
        try { return whole(JSON.parse(localStorage.getItem(PLACE))); } catch { return whole(null); }
    }

    // Returns "", or a sentence that says why it is kept for now only.
    function write(data) {
        try {
            localStorage.setItem(PLACE, JSON.stringify(data));
            return '';
        } catch {
            held = data;
            return 'This browser keeps nothing: it is lost when you leave the page.';
        }
    }

    function now() {
        const time = new Date();
        time.setMinutes(time.getMinutes() - time.getTimezoneOffset());
        return time.toISOString().slice(0, 16);
    }

    return {
        read,
        answer: name => read().quizzes[name] ?? null,
        prediction: name => read().predictions[name] ?? null,
        keepAnswer(name, choice, right, missed) {
            const data = read();
            data.quizzes[name] = {choice, right};
            data.seen[name] = {...data.seen[name], answered: now(), missed};
            return write(data);
        },
        keepPrediction(name, value) {
            const data = read();
            data.firsts[name] ??= {value, time: now()};
            data.predictions[name] = value;
            return write(data);
        },
        keepMeasured(name, measured) {
            const data = read();
            if (!data.firsts[name] || 'measured' in data.firsts[name]) { return; }
            data.firsts[name].measured = measured;
            write(data);
        },
        // A file of these pages or of the notebooks; what is answered here already stays.
        bring(text) {
            const found = JSON.parse(text);
            if (!isEntries(found) || !isEntries(found.quizzes)) { throw new Error('no progress'); }
            if (found.version !== Number(document.documentElement.dataset.format)) {
                throw new Error('another version');
            }
            const mine = read(), other = whole(found);
            for (const section of [...SECTIONS, 'assignments']) {
                if (other[section]) { mine[section] = {...other[section], ...mine[section]}; }
            }
            return write(mine);
        },
        forget: () => write(whole(null)),
    };
})();
