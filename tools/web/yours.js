// On the front page: how much of each chapter is answered, where to go on, and the answers as a file.
(() => {
    const kept = window.courseKept;
    const place = document.getElementById('kept');
    const said = place.querySelector('.said');

    const counted = (number, word) => `${number} ${word}${number === 1 ? '' : 's'}`;

    function show() {
        const {quizzes, predictions} = kept.read();
        const has = name => name in quizzes || name in predictions;
        for (const line of document.querySelectorAll('.answered')) {
            const names = JSON.parse(line.dataset.names);
            const done = names.filter(has).length;
            line.textContent = done ? ` · ${done} of ${names.length} answered here` : '';
        }
        const answers = Object.values(quizzes);
        const right = answers.filter(each => each.right).length;
        const number = Object.keys(predictions).length;
        said.textContent = !answers.length && !number ? 'Nothing is answered yet.'
            : `${counted(answers.length, 'question')} answered, ${right} of them right in the end; `
                + `${counted(number, 'prediction')}.`;
    }

    place.querySelector('.save').addEventListener('click', () => {
        const text = `${JSON.stringify(kept.read(), null, 1)}\n`;
        const link = document.createElement('a');
        link.href = URL.createObjectURL(new Blob([text], {type: 'application/json'}));
        link.download = 'progress.json';
        link.click();
        setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
    });

    place.querySelector('.bring').addEventListener('change', async event => {
        const [file] = event.target.files;
        if (!file) { return; }
        try {
            const problem = kept.bring(await file.text());
            show();
            said.textContent = `${file.name} is taken in. ${said.textContent} ${problem}`;
        } catch {
            said.textContent = `${file.name} was not taken in: it is no progress.json of this version.`;
        }
        event.target.value = '';
    });

    let sure = false;
    const forget = place.querySelector('.forget');
    forget.addEventListener('click', () => {
        if (sure) {
            kept.forget();
            show();
        }
        sure = !sure;
        forget.textContent = sure ? 'Press again to forget all' : 'Forget all answers';
    });
    forget.addEventListener('blur', () => {
        sure = false;
        forget.textContent = 'Forget all answers';
    });

    // Whoever has read a chapter goes on with it.
    try {
        const last = localStorage.getItem('course-last');
        const link = document.querySelector('.goes-on');
        if (link && last && document.querySelector(`.chapters a[href="${CSS.escape(last)}"]`)) {
            link.href = last;
            link.textContent = `Go on with ${last.match(/[A-Z0-9]\d/)[0]}`;
        }
    } catch { /* nothing is kept */ }
    show();
})();
