"""The catalogues are complete, and the language of a visitor is found."""

from __future__ import annotations

import ast
import gettext
from collections.abc import Iterator
from functools import cache
from string import Formatter

import pytest
from babel.messages.catalog import Catalog, Message

from dashboard.locale.catalogues import DOMAIN, FOLDER, choose_language, translate, translate_count
from tests.support.messages import SOURCE, TRANSLATED, extract, read_catalog

MARKS = ("**", "`", "$", ":small[", ":material/")  # of Markdown, as often in a translation as in the text

every_language = pytest.mark.parametrize("language", TRANSLATED)


@cache
def template() -> Catalog:
    return extract()


@cache
def catalog(language: str) -> Catalog:
    return read_catalog(language)


def forms(text: str | tuple[str, ...] | list[str] | None) -> tuple[str, ...]:
    """The singular, and the plural if there is one."""
    return (text,) if isinstance(text, str) else tuple(text or ())


def fields(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


def pairs(language: str) -> Iterator[tuple[Message, Message]]:
    """Each text of the source with its entry in a catalogue."""
    for message in template():
        if message.id:
            entry = catalog(language).get(message.id)
            assert entry is not None, f"run `make messages`: {message.id!r} is not in the catalogue"
            yield message, entry


@every_language
def test_every_text_is_translated(language: str) -> None:
    untranslated = [message.id for message, entry in pairs(language) if not all(forms(entry.string)) or entry.fuzzy]
    assert untranslated == []


@every_language
def test_no_translation_is_left_of_a_text_that_is_gone(language: str) -> None:
    assert {forms(entry.id) for entry in catalog(language)} <= {forms(message.id) for message in template()}


@every_language
def test_a_translation_has_the_same_fields_and_the_same_marks(language: str) -> None:
    for _, entry in pairs(language):
        texts = forms(entry.id)
        wanted = set[str]().union(*map(fields, texts)), [texts[-1].count(mark) for mark in MARKS]
        for string in forms(entry.string):
            assert (fields(string), [string.count(mark) for mark in MARKS]) == wanted, entry.id
            assert string == string.strip() or texts[-1] != texts[-1].strip(), entry.id


@every_language
def test_the_compiled_catalogue_is_that_of_the_translators(language: str) -> None:
    compiled = gettext.translation(DOMAIN, FOLDER, [language])
    for _, entry in pairs(language):
        if isinstance(entry.id, str):
            assert compiled.gettext(entry.id) == (entry.string or entry.id)
        else:
            assert tuple(compiled.ngettext(entry.id[0], entry.id[1], n) for n in (1, 2)) == forms(entry.string)


def calls() -> Iterator[tuple[str, str, ast.Call]]:
    """The file, the function and the call of each text in the source."""
    for path in SOURCE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("tr", "trn", "mark"):
                yield path.name, node.func.id, node


def test_a_text_is_a_literal_so_that_it_is_found() -> None:
    for name, function, node in calls():
        where = f"{name}, line {node.lineno}"
        if function == "tr":  # also of a name or a table's entry, which `mark` makes known
            assert not isinstance(node.args[0], ast.JoinedStr | ast.BinOp), where
        else:
            count = {"mark": 1, "trn": 2}[function]
            is_definition = name in ("catalogues.py", "language.py")
            assert is_definition or all(isinstance(each, ast.Constant) for each in node.args[:count]), where


def test_numbers_in_a_text_have_the_signs_of_its_language() -> None:
    """Points and commas come from `format_number`, or from a float that is given as it is."""
    for name, _, node in calls():
        for value in (each for keyword in node.keywords for each in ast.walk(keyword.value)):
            if isinstance(value, ast.FormattedValue) and value.format_spec is not None:
                assert ast.unparse(value.format_spec) == "f'.0f'", f"{name}, line {node.lineno}"


@pytest.mark.parametrize(
    ("wishes", "language"),
    [
        ((), "en"),
        (("", "", ""), "en"),
        (("de",), "de"),
        (("de-CH",), "de"),
        (("es_MX",), "es"),
        (("ES-419",), "es"),
        (("", "fr-FR", "es"), "es"),
        (("xx", "de", "es"), "de"),
        (("fr-CH, fr;q=0.9, en;q=0.8, de;q=0.7, *;q=0.5",), "en"),
        (("en;q=0.2, es;q=0.4",), "es"),
        (("de;q=0, es;q=0.1",), "es"),
        (("de;q=nonsense, es;q=0.1",), "es"),
        (("<script>", ";;;,,,", "."), "en"),
        (("deutsch",), "en"),
    ],
)
def test_the_first_wish_that_there_is_is_chosen(wishes: tuple[str, ...], language: str) -> None:
    assert choose_language(*wishes) == language


def test_a_text_is_translated_with_its_values() -> None:
    assert translate("de", "Fetch {size}", size="129 MB") == "129 MB holen"
    assert translate("es", "Log in") == "Iniciar sesión"
    assert translate("en", "Fetch {size}", size="{129}") == "Fetch {129}"
    assert translate("de", "in no catalogue {0}") == "in no catalogue {0}"
    assert translate("de", "") == ""
    assert translate("de", "{rate} frames a second", rate=29.97) == "29,97 Bilder je Sekunde"
    assert translate("en", "{rate} frames a second", rate=25.0) == "25 frames a second"


@pytest.mark.parametrize(
    ("language", "n", "words"), [("en", 1, "1 sound track"), ("de", 2, "2 Tonspuren"), ("es", 1, "1 pista de sonido")]
)
def test_a_text_that_counts_has_the_form_of_its_number(language: str, n: int, words: str) -> None:
    assert translate_count(language, "{n} sound track", "{n} sound tracks", n) == words
