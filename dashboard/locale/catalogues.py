"""The page's words in each language, and the choice of one. Independent of Streamlit.

English texts are in the source, where `tr`, `trn` and `mark` make them known to gettext. The other languages are in
`LANGUAGE/LC_MESSAGES/dashboard.po`; `make messages` updates these files and compiles them.
"""

from __future__ import annotations

import gettext
from collections.abc import Mapping
from functools import cache, lru_cache
from pathlib import Path

ENGLISH = "en"
LANGUAGES = {ENGLISH: "English", "de": "Deutsch", "es": "Español"}  # each by its own name
_DECIMAL_COMMAS = {"de", "es"}
_SWAP_SIGNS = str.maketrans(".,", ",.")
DOMAIN = "dashboard"
FOLDER = Path(__file__).parent


def mark(text: str) -> str:
    """`text` itself. Marks a literal for the catalogues that is translated later, when it is drawn."""
    return text


def translate(language: str, text: str, **values: object) -> str:
    """The words of a language for an English text, with `values` put into its braces, if there are any.

    A float has the decimal sign of the language, and no zeros at its end. A text that is in no catalogue stays English.
    """
    words = _catalogue(language).gettext(text) if text else text  # gettext's empty text is the catalogue's header
    return words.format(**_localize(language, values)) if values else words


def translate_count(language: str, singular: str, plural: str, n: int, **values: object) -> str:
    """The same for a text that counts: `n` decides between the forms that the language has, and is among the values."""
    return _catalogue(language).ngettext(singular, plural, n).format(n=n, **_localize(language, values))


def localize_number(language: str, text: str) -> str:
    """A number, perhaps with a unit, with the signs of a language: 1.4 MB and 1,200, or 1,4 MB and 1.200."""
    return text.translate(_SWAP_SIGNS) if language in _DECIMAL_COMMAS else text


def _localize(language: str, values: Mapping[str, object]) -> dict[str, object]:
    return {
        name: localize_number(language, f"{value:g}") if isinstance(value, float) else value
        for name, value in values.items()
    }


@lru_cache(maxsize=1000)
def choose_language(*wishes: str) -> str:
    """The first of `wishes` that there is, else English.

    A wish is a language tag such as de-AT, several tags as in the header Accept-Language (RFC 9110, 12.5.4), or empty.
    A region is left out, as in the lookup of RFC 4647.
    """
    for wish in wishes:
        for tag in _tags(wish):
            language = tag.partition("-")[0]
            if language in LANGUAGES:
                return language
    return ENGLISH


def _tags(wish: str) -> list[str]:
    """The tags of a header, lower case, the most wanted first."""
    weights: dict[str, float] = {}
    for part in wish.lower().replace("_", "-").split(","):
        tag, _, quality = part.replace(" ", "").partition(";q=")
        try:
            weights[tag] = float(quality or 1)
        except ValueError:
            weights[tag] = 0.0  # as a header that makes no sense: nobody wants it
    return sorted((tag for tag, weight in weights.items() if weight > 0), key=lambda tag: -weights[tag])


@cache
def _catalogue(language: str) -> gettext.NullTranslations:
    if language == ENGLISH:
        return gettext.NullTranslations()
    return gettext.translation(DOMAIN, FOLDER, [language])
