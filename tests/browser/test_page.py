"""The tests' own eyes: a page on which a cell fails must not look as if all were well."""


def test_an_error_in_a_cell_is_seen_and_what_is_written_to_stderr_is_none(browsing):
    write = "import sys; print('no error', file=sys.stderr)"
    notebook = browsing.write("notebooks/fails.ipynb", [write, "1 / 0", "2"])
    with browsing.opened(notebook) as page:
        page.run_all(notebook)
        assert page.errors(notebook) == ["ZeroDivisionError: division by zero"]
