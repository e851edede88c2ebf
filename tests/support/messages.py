"""Update the catalogues of the page's words from the source, with Babel: `python -m tests.support.messages`.

It adds new texts to each catalogue, without a translation, and removes those that are no longer there.
"""

from __future__ import annotations

import ast
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from dashboard.locale.catalogues import DOMAIN, ENGLISH, FOLDER, LANGUAGES
from tests.support.paths import ROOT

SOURCE = ROOT / "dashboard"
TRANSLATED = [language for language in LANGUAGES if language != ENGLISH]
_TEXTS = {"tr": 1, "mark": 1, "trn": 2}  # how many texts a function takes, as its first arguments
_WIDTH = 120


def extract() -> Catalog:
    """All texts of the page's source, in English. Python's own parser finds them within f-strings, too."""
    template = Catalog(domain=DOMAIN, project="AI Colouriser", charset="utf-8")
    for path in sorted(SOURCE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in _TEXTS:
                count = _TEXTS[node.func.id]
                texts = [str(each.value) for each in node.args[:count] if isinstance(each, ast.Constant)]
                if len(texts) == count:
                    place = (path.relative_to(ROOT).as_posix(), node.lineno)
                    template.add(texts[0] if count == 1 else tuple(texts), locations=[place])
    return template


def read_catalog(language: str) -> Catalog:
    """The catalogue of a language, as its translators wrote it."""
    with _po(language).open("rb") as file:
        return read_po(file, locale=language, domain=DOMAIN)


def update() -> None:
    """Bring each catalogue up to date with the source, and compile it."""
    template = extract()
    for language in TRANSLATED:
        path = _po(language)
        path.parent.mkdir(parents=True, exist_ok=True)
        catalog = read_catalog(language) if path.is_file() else Catalog(language, DOMAIN)
        catalog.project, catalog.fuzzy = template.project, False
        catalog.header_comment = f"# The words of the page: {LANGUAGES[language]}. `make messages` adds new texts."
        catalog.update(template, no_fuzzy_matching=True, update_creation_date=False)
        with path.open("wb") as file:
            write_po(file, catalog, width=_WIDTH, sort_by_file=True, include_lineno=False, ignore_obsolete=True)
        with path.with_suffix(".mo").open("wb") as file:
            write_mo(file, catalog)


def _po(language: str) -> Path:
    return FOLDER / language / "LC_MESSAGES" / f"{DOMAIN}.po"


if __name__ == "__main__":
    update()
