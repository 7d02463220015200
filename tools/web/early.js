// Before the page is drawn: that scripts run, and the theme that the reader has chosen.
(() => {
    const root = document.documentElement;
    root.classList.add('js');
    try {
        const theme = localStorage.getItem('course-theme');
        if (theme === 'light' || theme === 'dark') { root.dataset.theme = theme; }
    } catch { /* a browser that keeps nothing has the system's theme */ }
})();
