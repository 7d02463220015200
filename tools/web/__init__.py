"""The course as web pages: what `pages` makes them of.

`cells` turns a notebook into HTML, `figures`, `asked` and `live` give its pictures, its questions
and its live parts what they need to be of use without a kernel, `links` lets links lead to pages,
and `frame` puts a page round it all; `front` and `lists` are the pages that no notebook has, and
`search` is their index. What runs in the browser stands beside them, one file a subject. (A package
`site` could not be imported: a module of Python's has that name.)
"""
