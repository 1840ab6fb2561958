"""Reading the files of a series folder.  What is wrong is said with file, line and a way out."""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Iterator
from pathlib import Path
from typing import TypeVar, cast, get_args

from localize.address_matrix import Address
from localize.episode import Age, Gender
from localize.errors import InputError
from localize.glossary import read_memory
from localize.market import CODE, is_market, markets, nearest
from localize.rates import KINDS, Kind
from localize.relations import episode_number, read_relations
from localize.series import SERIES_FILE, Character, SeriesBible, SeriesListing, digest_of
from localize.tables import choice_of, did_you_mean, read_rows
from localize.termbase import read_terms
from localize.toml_table import Table, read_table
from localize.voice import Consent, Scope, licensed_voices
from localize.voice_cards import read_chosen, read_voices

log = logging.getLogger(__name__)
T = TypeVar("T")
ANYBODY = "*"
ADDRESS_COLUMNS = ("speaker", "addressee", "market", "form", "call", "from_episode", "to_episode", "scene")
SERIES_KEYS = (
    "id", "title", "language", "setting", "episodes", "names_policy", "pivot", "tropes", "synopsis", "market", "money",
    "rates",
)  # fmt: skip
LISTING_KEYS = ("title", "synopsis", "hook", "tags", "money")
CHARACTER_KEYS = ("id", "name", "aliases", "gender", "age", "role", "names", "local_names", "references")
CONSENT_KEYS = (
    "person", "document", "sha256", "scope", "languages", "territories", "until", "signed_by", "signed_on", "revoked",
    "revoked_on", "revoked_by",
)  # fmt: skip


def read_series(root: Path) -> SeriesBible:
    """The whole folder as one value."""
    path = root / SERIES_FILE
    if not path.is_file():
        fix = "give the series folder, or leave --series out: the first run makes one"
        raise InputError(f"no {SERIES_FILE} in it", str(root), fix)
    table = read_table(path)
    table.only(*SERIES_KEYS)
    language = _language(table)
    cast = read_cast(root)
    known = {one.id for one in cast}
    _tell_unread_scripts(root)
    own, day = _rates(root)
    voices = read_voices(root)
    return SeriesBible(
        id=table.text("id"),
        title=table.text("title"),
        root=root,
        language=language,
        setting=table.text("setting", "modern-china"),
        episodes=table.number("episodes"),
        names_policy=table.text("names_policy", "pinyin_simplified"),
        pivot=_pivot(table),
        tropes=table.texts("tropes"),
        synopsis=table.text("synopsis", ""),
        listings=tuple(_listings(table.table("market"))),
        money=dict(_money(table)),
        rates=day or table.text("rates", ""),
        own_rates=own,
        cast=cast,
        casting=read_casting(root / "casting.toml", known, voices),
        voices=voices,
        chosen=read_chosen(root, known, voices),
        terms=_read(read_terms, root / "terms.csv", {}),
        addresses=_read(lambda path: read_addresses(path, known), root / "addresses.csv", ()),
        relations=_read(lambda path: read_relations(path, known), root / "relations.csv", ()),
        memory=_read(read_memory, root / "memory.csv", {}),
        consents=dict(_consent(path) for path in sorted(root.glob("consents/*.toml"))),
    )


def _money(table: Table) -> Iterator[tuple[str, Kind]]:
    """What becomes of sums, by market and for all others (``*``)."""
    if "money" in table.keys:
        yield "*", cast(Kind, table.choice("money", KINDS, "keep"))
    for market in table.table("market").keys:
        row = table.table("market").table(market)
        if "money" in row.keys:
            yield market, cast(Kind, row.choice("money", KINDS, "keep"))


def _rates(root: Path) -> tuple[dict[str, str], str]:
    """The series' own dated rates: what one yuan was worth in each currency, and on which day."""
    path = root / "rates.toml"
    if not path.is_file():
        return {}, ""
    table = read_table(path)
    table.only("day", "source", "yuan")
    worth = table.table("yuan")
    for code, value in worth.keys.items():
        if not isinstance(value, (int, float)) or isinstance(value, bool) or value <= 0:
            raise InputError(f"{code} must be a number above 0", worth.place(code), f"write {code} = 0.14")
    return {code: str(value) for code, value in worth.keys.items()}, table.day("day").isoformat()


def _language(table: Table) -> str:
    """What is spoken in the series: captions, terms, names and numbers are read as Chinese."""
    language = table.text("language", "zh-CN")
    if language.lower().split("-")[0] != "zh":
        what = f"episodes in {language!r} cannot be localised, only Chinese ones"
        fix = "write what is spoken in the episodes (zh-CN, zh-TW, zh-HK); markets are named with --to"
        raise InputError(what, table.place("language"), fix)
    return language


def _pivot(table: Table) -> str:
    """The market others are translated by way of; empty for none."""
    code = table.text("pivot", "")
    if code and code not in markets():
        near = f"did you mean {nearest(code)!r}? " if nearest(code) else ""
        raise InputError(f"no market is called {code!r}", table.place("pivot"), f"{near}known: {', '.join(markets())}")
    return code


def _tell_unread_scripts(root: Path) -> None:
    """A script whose name no market fits is never looked for, so that nobody would miss it."""
    for path in sorted(root.glob("scripts/*.csv")):
        episode, _, code = path.stem.rpartition(".")
        near = nearest(code) if episode else ""
        if code in markets() or (episode and not near and CODE.fullmatch(code)):
            continue
        fix = f"; did you mean {episode}.{near}.csv?" if near else ": a script is named <episode>.<market>.csv"
        log.warning("%s is not read%s", path, fix)


def _read(read: Callable[[Path], T], path: Path, nothing: T) -> T:
    return read(path) if path.exists() else nothing  # a folder of that name is told, not passed over


def _listings(table: Table) -> Iterator[SeriesListing]:
    for market in table.keys:
        row = table.table(market)
        if is_market(market, row.place()):
            row.only(*LISTING_KEYS)
            title, synopsis, hook = (row.text(key, "") for key in ("title", "synopsis", "hook"))
            yield SeriesListing(market, title, synopsis, hook, row.texts("tags"))


def read_cast(root: Path, edited: Path | None = None) -> tuple[Character, ...]:
    """The characters of ``cast.toml``, or of ``edited``, whose clips lie in ``root`` as well; none without the file."""
    path = edited or root / "cast.toml"
    if not path.is_file():
        return ()
    table = read_table(path)
    table.only("character")
    cast: list[Character] = []
    for row in table.tables("character"):
        one = _character(row, root)
        for what in ("id", "name"):
            value = getattr(one, what)
            if value in (getattr(other, what) for other in cast):
                told = f"two characters have the {what} {value!r}"
                raise InputError(told, row.place(what), f"give each its own {what}")
        cast.append(one)
    return tuple(cast)


def _character(row: Table, root: Path) -> Character:
    row.only(*CHARACTER_KEYS)
    references = tuple(root / name for name in row.texts("references"))
    lost = next((path for path in references if not path.is_file()), None)
    if lost is not None:
        told, fix = f"the reference clip {lost.name} does not exist", f"put it at {lost} or remove it"
        raise InputError(told, row.place("references"), fix)
    names, local = row.table("names"), row.table("local_names")
    return Character(
        id=row.text("id"),
        name=row.text("name"),
        aliases=row.texts("aliases"),
        gender=cast(Gender, row.choice("gender", get_args(Gender), "unknown")),
        age=cast(Age, row.choice("age", get_args(Age), "unknown")),
        role=row.text("role", ""),
        names=tuple((market, names.text(market)) for market in names.keys if is_market(market, names.place(market))),
        local_names=tuple((one, local.text(one)) for one in local.keys if is_market(one, local.place(one))),
        references=references,
    )


def read_casting(path: Path, cast: set[str], own: Collection[str] = ()) -> dict[str, dict[str, str]]:
    """Voice ids by character and market; none without the file.  ``own`` are voices of the series itself."""
    if not path.is_file():
        return {}
    table = read_table(path)
    chosen: dict[str, dict[str, str]] = {}
    for who in table.keys:
        row = table.table(who)
        _known(who, cast, row.place())
        markets = [market for market in row.keys if market == "*" or is_market(market, row.place(market))]
        chosen[who] = {market: voice for market in markets if (voice := _voice(row, market, who, own))}
    return chosen


def _voice(row: Table, market: str, who: str, own: Collection[str]) -> str:
    """The voice cast for a market; empty when the text is."""
    voice, known = row.text(market), (*own, *licensed_voices())
    if voice and voice not in known:
        fix = f"{did_you_mean(voice, known)}known voices: {', '.join(known)}"
        raise InputError(f"{who} is cast with {voice!r}, a voice nobody knows", row.place(market), fix)
    return voice


def _known(who: str, cast: set[str], where: str) -> None:
    if who not in cast:
        members = sorted(cast - {ANYBODY})
        names = ", ".join(members) or "nobody; write it first"
        names += f"; {ANYBODY} is anybody" if ANYBODY in cast else ""
        raise InputError(f"{who!r} is not in cast.toml", where, f"{did_you_mean(who, members)}the cast: {names}")


def read_addresses(path: Path, cast: set[str]) -> tuple[Address, ...]:
    """The rows of ``addresses.csv``; ``cast`` are the ids it may name."""
    found: dict[tuple[str, str, str, int, str], tuple[Address, int]] = {}
    for row in read_rows(path, ADDRESS_COLUMNS[:3], ADDRESS_COLUMNS):
        for column in ("speaker", "addressee"):
            _known(row[column], cast | {ANYBODY}, row.place)
        first, last = episode_number(row, "from_episode"), episode_number(row, "to_episode")
        if (last and first > last) or (row["scene"] and not first):
            told = "a scene needs its episode" if row["scene"] and not first else f"episode {first} comes after {last}"
            raise InputError(told, row.place, "from_episode is the first it holds in, to_episode the last")
        key = (row["speaker"], row["addressee"], row["market"] or "*", first, row["scene"])
        if key in found:
            told = f"{key[0]} → {key[1]} stands twice for {key[2]} (first in line {found[key][1]})"
            raise InputError(told, row.place, "keep one of the rows")
        if key[2] == "*" or is_market(key[2], row.place):
            held = Address(*key[:3], row["form"], row["call"], first, last, row["scene"], row.number)
            found[key] = (held, row.number)
    return tuple(one for one, _ in found.values())


def _consent(path: Path) -> tuple[str, Consent]:
    """A signed consent; the evidence beside it must be, byte for byte, the document that was signed."""
    table = read_table(path)
    table.only(*CONSENT_KEYS)
    document = table.text("document")
    evidence = path.parent / document
    if Path(document).name != document or not evidence.is_file():
        told = f"the signed document {document!r} is not beside it"
        raise InputError(told, table.place("document"), f"put it at {evidence}")
    wanted, found = table.text("sha256").lower(), digest_of(evidence)
    if wanted != found:
        fix = f"put the signed document back, or sign again and write sha256 = {found!r}"
        told = f"{document} is not the document that was signed (its SHA-256 differs)"
        raise InputError(told, table.place("sha256"), fix)
    scope = tuple(choice_of(item, get_args(Scope), "scope", table.place("scope")) for item in table.texts("scope"))
    consent = Consent(
        person=table.text("person"),
        scope=cast("tuple[Scope, ...]", scope),
        languages=table.texts("languages"),
        territories=table.texts("territories"),
        until=table.day("until"),
        evidence=found,
        signed_by=table.text("signed_by", ""),
        signed_on=table.day("signed_on") if "signed_on" in table.keys else None,
        revoked=table.flag("revoked"),
        revoked_on=table.day("revoked_on") if "revoked_on" in table.keys else None,
        digest=digest_of(path),
    )
    return path.stem, consent
