"""The catalogues of the page's words: English in the source, other languages beside this file."""
