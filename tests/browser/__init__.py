"""The course as a learner meets it: in JupyterLab, in a browser. One of each for all tests here."""
