"""Reading the files of a series folder.  What is wrong is said with file and line or key."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any, cast, get_args

from localize.episode import Age, Gender
from localize.errors import InputError
from localize.glossary import Hit, Term, read_memory, read_terms
from localize.series import SERIES_FILE, Address, Character, SeriesBible, SeriesListing, digest_of
from localize.tables import choice_of, read_rows, read_toml, table_of, text_of, texts_of
from localize.voice import Consent, Scope

ADDRESS_COLUMNS = ("speaker", "addressee", "market", "form", "call")


def read_series(root: Path) -> SeriesBible:
    """The whole folder as one value."""
    path = root / SERIES_FILE
    if not path.is_file():
        raise InputError(
            f"no {SERIES_FILE} in it",
            str(root),
            "give the series folder, or leave --series out: the first run makes one",
        )
    table, where = read_toml(path), str(path)
    cast = _cast(root)
    return SeriesBible(
        id=text_of(table, "id", where),
        title=text_of(table, "title", where),
        root=root,
        language=text_of(table, "language", where, "zh-CN"),
        setting=text_of(table, "setting", where, "modern-china"),
        episodes=_number(table, "episodes", where),
        names_policy=text_of(table, "names_policy", where, "pinyin_simplified"),
        tropes=texts_of(table, "tropes", where),
        synopsis=text_of(table, "synopsis", where, ""),
        listings=_listings(table, where),
        cast=cast,
        casting=_casting(root, {one.id for one in cast}),
        terms=_terms(root),
        addresses=_addresses(root, {one.id for one in cast}),
        memory=_memory(root),
        consents=dict(_consent(path) for path in sorted(root.glob("consents/*.toml"))),
    )


def _number(table: Mapping[str, Any], key: str, where: str) -> int:
    value = table.get(key, 0)
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise InputError(f"{key} must be a whole number, not {value!r}", where)
    return value


def _listings(table: Mapping[str, Any], where: str) -> tuple[SeriesListing, ...]:
    found = []
    for market, row in table_of(table, "market", where).items():
        place = f"{where}, [market.{market!r}]"
        if not isinstance(row, dict):
            raise InputError("must be a table", place)
        title, synopsis, hook = (text_of(row, key, place, "") for key in ("title", "synopsis", "hook"))
        found.append(SeriesListing(market, title, synopsis, hook, texts_of(row, "tags", place)))
    return tuple(found)


def _cast(root: Path) -> tuple[Character, ...]:
    path = root / "cast.toml"
    rows = read_toml(path).get("character", []) if path.is_file() else []
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise InputError("write each member of the cast under its own [[character]] heading", str(path))
    cast = [_character(row, f"{path}, character {number}", root) for number, row in enumerate(rows, start=1)]
    for what in ("id", "name"):
        values = [getattr(one, what) for one in cast]
        twice = [value for value in values if values.count(value) > 1]
        if twice:
            raise InputError(
                f"two characters have the {what} {twice[0]!r}", str(path), f"give each its own {what}"
            )
    return tuple(cast)


def _character(row: Mapping[str, Any], where: str, root: Path) -> Character:
    references = tuple(root / name for name in texts_of(row, "references", where))
    lost = next((path for path in references if not path.is_file()), None)
    if lost is not None:
        raise InputError(
            f"the reference clip {lost.name} does not exist", where, f"put it at {lost} or remove it"
        )
    names = table_of(row, "names", where)
    return Character(
        id=text_of(row, "id", where),
        name=text_of(row, "name", where),
        aliases=texts_of(row, "aliases", where),
        gender=cast(
            Gender, choice_of(text_of(row, "gender", where, "unknown"), get_args(Gender), "gender", where)
        ),
        age=cast(Age, choice_of(text_of(row, "age", where, "unknown"), get_args(Age), "age", where)),
        role=text_of(row, "role", where, ""),
        names=tuple((market, text_of(names, market, where)) for market in names),
        references=references,
    )


def _casting(root: Path, cast: set[str]) -> dict[str, dict[str, str]]:
    path = root / "casting.toml"
    table = read_toml(path) if path.is_file() else {}
    chosen = {}
    for who in table:
        _known(who, cast, f"{path}, [{who}]")
        row = table_of(table, who, str(path))
        chosen[who] = {market: text_of(row, market, f"{path}, [{who}]") for market in row}
    return chosen


def _known(who: str, cast: set[str], where: str) -> None:
    if who not in cast:
        names = ", ".join(sorted(cast)) or "nobody"
        raise InputError(f"{who!r} is not in cast.toml", where, f"the cast: {names}")


def _addresses(root: Path, cast: set[str]) -> tuple[Address, ...]:
    path = root / "addresses.csv"
    rows = read_rows(path, ADDRESS_COLUMNS[:3], ADDRESS_COLUMNS) if path.is_file() else ()
    found: dict[tuple[str, str, str], Address] = {}
    for row in rows:
        for column in ("speaker", "addressee"):
            _known(row[column], cast | {"*"}, row.place)
        key = (row["speaker"], row["addressee"], row["market"] or "*")
        if key in found:
            raise InputError(
                f"{key[0]} → {key[1]} stands twice for {key[2]}", row.place, "keep one of the rows"
            )
        found[key] = Address(*key, row["form"], row["call"])
    return tuple(found.values())


def _terms(root: Path) -> dict[str, tuple[Term, ...]]:
    path = root / "terms.csv"
    if not path.is_file():
        return {}
    head = read_rows(path, ("source", "kind"))
    columns = head[0].cells if head else {}
    fixed = ("source", "kind", "use", "scope", "status", "note", "")
    return read_terms(path, [name for name in columns if name not in fixed])


def _memory(root: Path) -> Mapping[str, tuple[Hit, ...]]:
    path = root / "memory.csv"
    return read_memory(path) if path.is_file() else {}


def _consent(path: Path) -> tuple[str, Consent]:
    """A signed consent; the evidence beside it must be, byte for byte, the document that was signed."""
    table, where = read_toml(path), str(path)
    document = text_of(table, "document", where)
    evidence = path.parent / document
    if Path(document).name != document or not evidence.is_file():
        raise InputError(f"the signed document {document!r} is not beside it", where, f"put it at {evidence}")
    wanted, found = text_of(table, "sha256", where).lower(), digest_of(evidence)
    if wanted != found:
        fix = f"put the signed document back, or sign again and write sha256 = {found!r}"
        raise InputError(f"{document} is not the document that was signed (its SHA-256 differs)", where, fix)
    scope = tuple(
        choice_of(item, get_args(Scope), "scope", where) for item in texts_of(table, "scope", where)
    )
    consent = Consent(
        person=text_of(table, "person", where),
        scope=cast("tuple[Scope, ...]", scope),
        languages=texts_of(table, "languages", where),
        territories=texts_of(table, "territories", where),
        until=_date(table, "until", where),
        evidence=found,
        signed_by=text_of(table, "signed_by", where, ""),
        signed_on=_date(table, "signed_on", where) if "signed_on" in table else None,
        revoked=_flag(table, "revoked", where),
    )
    return path.stem, consent


def _date(table: Mapping[str, Any], key: str, where: str) -> date:
    value = table.get(key)
    if isinstance(value, datetime) or not isinstance(value, date):
        raise InputError(f"{key} must be a date such as 2030-12-31 (without quotes), not {value!r}", where)
    return value


def _flag(table: Mapping[str, Any], key: str, where: str) -> bool:
    value = table.get(key, False)
    if not isinstance(value, bool):
        raise InputError(f"{key} must be true or false, not {value!r}", where)
    return value
