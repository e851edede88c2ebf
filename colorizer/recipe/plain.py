"""Dataclasses as plain values of JSON, and back with a check of every type."""

from __future__ import annotations

import json
import math
import types
import typing
from collections.abc import Mapping
from dataclasses import MISSING, fields, is_dataclass
from typing import Any, TypeVar

from colorizer.errors import InvalidRecipe

Spec = TypeVar("Spec")
_DEEPEST = 20  # objects and lists in each other; recipes and projects have fewer than 10


def to_plain(value: Any) -> Any:
    """A value of dataclasses, mappings, tuples, texts and numbers as JSON has it. Raises TypeError for others."""
    if is_dataclass(value) and not isinstance(value, type):
        return {item.name: to_plain(getattr(value, item.name)) for item in fields(value)}
    if isinstance(value, Mapping):
        return {str(key): to_plain(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [to_plain(each) for each in value]
    if value is None or isinstance(value, bool | int | float | str):
        return value
    raise TypeError(f"expected a plain value, got one of type {type(value).__name__}")


def to_json(value: Any) -> str:
    """The canonical document of a value of `to_plain`: sorted keys, no spaces, ASCII. Equal values have equal ones."""
    return json.dumps(to_plain(value), sort_keys=True, separators=(",", ":"), allow_nan=False)


def from_plain(kind: type[Spec], value: Any, place: str = "recipe") -> Spec:
    """The dataclass `kind` from plain values; a whole number becomes a float where one is expected.

    `place`: what the value is, for messages. Raises InvalidRecipe for a value of another type or out of its range, for
    a missing one without a default, and for one that is unknown, because it would be ignored.
    """
    return typing.cast("Spec", _build(kind, value, place))


def from_document(kind: type[Spec], text: str | bytes, name: str, version: int, most_bytes: int) -> Spec:
    """The dataclass `kind` of a JSON document: `from_plain` of what `read_document` reads. Raises InvalidRecipe."""
    return from_plain(kind, read_document(text, name, version, most_bytes), name)


def read_document(text: str | bytes, name: str, version: int, most_bytes: int) -> dict[str, Any]:
    """The object of a JSON document, whose field `name` holds `version`, the document's format.

    `text`: as bytes, it may begin with a byte order mark, which `json.loads` knows. `name`: also what the document is,
    for messages. Raises InvalidRecipe for what is no such document, or has a name twice in one place, for one of
    another format and for one of more than `most_bytes`.
    """
    if len(text) > most_bytes:
        raise InvalidRecipe(f"expected a {name} of at most {most_bytes / 1e6:g} MB, got {len(text) / 1e6:.3g} MB")
    try:
        document = json.loads(
            text, parse_constant=_refuse_constant, parse_float=_parse_float, object_pairs_hook=_make_object
        )
        _check_depth(document, _DEEPEST)
    except (ValueError, RecursionError) as error:
        raise InvalidRecipe(f"expected a {name} as JSON, got something else ({error})") from None
    if not isinstance(document, dict) or document.get(name) != version:
        got = document.get(name) if isinstance(document, dict) else type(document).__name__
        raise InvalidRecipe(f"expected a {name} of format {version}, got {str(got)[:60]}")
    return document


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is no number")


def _parse_float(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise ValueError(f"{text[:20]} is too large a number")
    return number


def _make_object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object of JSON. A name that is there twice says nothing, because programs differ in which one they take."""
    found: dict[str, Any] = {}
    for name, value in pairs:
        if name in found:
            raise ValueError(f"{_excerpt(name)} is there twice")
        found[name] = value
    return found


def _check_depth(value: Any, most: int) -> None:
    if not isinstance(value, dict | list):
        return
    if most == 0:
        raise ValueError(f"nested deeper than {_DEEPEST} times")
    for each in value.values() if isinstance(value, dict) else value:
        _check_depth(each, most - 1)


def _convert(kind: Any, value: Any, place: str) -> Any:
    origin, arguments = typing.get_origin(kind), typing.get_args(kind)
    if origin is not None:
        return _convert_generic(origin, arguments, value, place)
    if is_dataclass(kind):
        return _build(typing.cast("type[Any]", kind), value, place)
    if kind is float and type(value) is int and abs(value) < 2**53:
        return float(value)
    if kind is Any or (kind in (bool, int, float, str, types.NoneType) and type(value) is kind):
        return value
    return _refuse(kind, value, place)


def _convert_generic(origin: Any, arguments: tuple[Any, ...], value: Any, place: str) -> Any:
    if origin in (typing.Union, types.UnionType):
        return _convert_any(arguments, value, place)
    if origin is tuple and isinstance(value, list):
        return _convert_items(arguments, value, place)
    if origin is Mapping and isinstance(value, dict):
        return {key: _convert(arguments[1], each, f"{place}.{key}") for key, each in value.items()}
    if origin is typing.Literal and value in arguments:
        return value
    return _refuse(" or ".join(map(str, arguments)) if origin is typing.Literal else origin, value, place)


def _convert_items(kinds: tuple[Any, ...], values: list[Any], place: str) -> tuple[Any, ...]:
    """The items of a tuple: any number of one type (`tuple[int, ...]`), or each of its own."""
    if len(kinds) == 2 and kinds[1] is Ellipsis:
        kinds = (kinds[0],) * len(values)
    if len(kinds) != len(values):
        raise InvalidRecipe(f"expected {len(kinds)} values in {place}, got {len(values)}")
    return tuple(
        _convert(kind, value, f"{place}[{index}]")
        for index, (kind, value) in enumerate(zip(kinds, values, strict=True))
    )


def _convert_any(kinds: tuple[Any, ...], value: Any, place: str) -> Any:
    problems = []
    possible = kinds if value is None else [kind for kind in kinds if kind is not types.NoneType]
    # The likeliest comes last, for its problem counts.
    for kind in sorted(possible, key=lambda kind: _count_shared_names(kind, value)):
        try:
            return _convert(kind, value, place)
        except InvalidRecipe as error:
            problems.append(error)
    raise problems[-1]


def _count_shared_names(kind: Any, value: Any) -> int:
    """How many of a mapping's keys are fields of a dataclass."""
    if not is_dataclass(kind) or not isinstance(value, dict):
        return 0
    return len(value.keys() & {item.name for item in fields(kind)})


def _build(kind: type[Any], value: Any, place: str) -> Any:
    if not isinstance(value, dict):
        _refuse(kind, value, place)
    hints = typing.get_type_hints(kind)
    known = {item.name: item for item in fields(kind)}
    if unknown := sorted(value.keys() - known.keys()):
        names = ", ".join(map(_excerpt, unknown))
        raise InvalidRecipe(f"expected settings that this version knows in {place}, got {names} too")
    needed = [name for name, item in known.items() if item.default is MISSING and item.default_factory is MISSING]
    if missing := [name for name in needed if name not in value]:
        raise InvalidRecipe(f"expected {', '.join(missing)} in {place}, got none")
    values = {key: _convert(hints[key], each, f"{place}.{key}") for key, each in value.items()}
    try:
        return kind(**values)
    except ValueError as error:
        raise InvalidRecipe(f"{place}: {error}") from None


def _refuse(kind: Any, value: Any, place: str) -> typing.NoReturn:
    name = "settings" if is_dataclass(kind) else getattr(kind, "__name__", str(kind))
    raise InvalidRecipe(f"expected {place} to be of type {name}, got {_excerpt(value)}")


def _excerpt(value: object) -> str:
    is_short = isinstance(value, str | float | bool | None) or (isinstance(value, int) and abs(value) < 2**53)
    text = repr(value) if is_short else type(value).__name__
    return text if len(text) <= 60 else text[:57] + "..."
