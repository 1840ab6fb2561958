"""What an edit of addresses, relations, cast or scoped terms redoes over three episodes: told before, counted after."""

from __future__ import annotations

import shutil
import threading
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import walk
from chat_server import Body, Server, answer, chat_server, lines_of
from walk import Place, Ran

from localize.engine.events import Event
from localize.engine.glossary_impact import Impact, over
from localize.engine.order import Order
from localize.engine.store import Store
from localize.errors import InputError
from localize.pipeline import localize
from localize.series import open_series

CALLED = "饼在桌上，少爷。"
SAID = {"ep01": "月亮像一块旧饼。", "ep02": "一口井在那里。", "ep03": "月亮挂在井里。"}


def words(body: Body) -> str:
    """What the server says hangs on all that it was told of a line, so that another question is another answer."""
    told = str(sorted(str(one) for one in (*lines_of(body), body["messages"][-1]["content"].split('"lines"')[0])))
    return answer(lines_of(body), lambda one: f"{len(told)} Words of {one['id']} {one.get('form', '')}")


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with chat_server() as made:
        made.usual = words
        yield made


@pytest.fixture(scope="module")
def series(
    walked: tuple[Place, Ran], server: Server, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[dict[str, Place]]:
    """Three episodes without a script, whose last line only an engine can translate, dubbed in one market."""
    known, _ = walked
    folder = tmp_path_factory.mktemp("three") / "it"
    first = walk.copy(known, folder)
    shutil.rmtree(first.out)
    shutil.rmtree(first.series / "scripts")
    rows = [row for row in walk.rows(known.table("en-US")) if row["id"].startswith("L")]
    places = {}
    _remember(first.series / "memory.csv")
    for name, text in SAID.items():
        place = places[name] = Place(folder, f"short_{walk.SEED}_{name}")
        if place.episode != first.episode:
            shutil.copy(first.episode, place.episode)
        said = {rows[0]["id"]: CALLED, rows[-1]["id"]: text}
        blocks = (
            f"{number}\n{row['start']} --> {row['end']}\n{said.get(row['id'], row['source'])}\n"
            for number, row in enumerate(rows, start=1)
        )
        place.episode.with_suffix(".srt").write_text("\n".join(blocks), "utf-8")
    for place in places.values():
        ran = run(place, server)
        assert ran.outcome.exit_code == 0, ran.told("failed")
    yield places


def _remember(table: Path) -> None:
    """The first line of every episode, which a market's rule looks at: what a young master is called."""
    text = table.read_text("utf-8-sig") if table.exists() else "source,market,dub\n"
    row = {"source": CALLED, "market": "en-US", "dub": "Out, young sir."}
    cells = (f'"{row.get(name, "")}"' for name in text.splitlines()[0].split(","))
    table.write_text(text + ",".join(cells) + "\n", "utf-8")


def order(place: Place, server: Server) -> Order:
    options = {"translation": {"url": server.url, "model": "moon-1", "concurrency": "1"}}
    return replace(place.order("en", series=place.series), options=options)


def run(place: Place, server: Server) -> Ran:
    events: list[Event] = []
    outcome = localize(order(place, server), Store(place.store), events.append, threading.Event())
    return Ran(outcome, events)


def foreseen(series: dict[str, Place], server: Server, edited: Path | None = None) -> dict[str, Impact]:
    orders = [order(place, server) for place in series.values()]
    found = over(orders, edited, series["ep01"].store)
    return {one.episode.rpartition("_")[2]: one for one in found}


def edits(series: dict[str, Place]) -> Iterator[tuple[str, str, set[str]]]:
    """(file, its new text, the episodes it is about): each on top of the one before."""
    root = series["ep01"].series
    bible = open_series(root)
    last = [row for row in walk.rows(series["ep01"].table("en-US")) if row["id"].startswith("L")][-1]
    who = last["speaker"]
    other = next(one.id for one in bible.cast if one.id != who)
    yield "relations.csv", f"person,of,relation,from_episode\n{who},{other},nephew,3\n", {"ep03"}
    yield (
        "addresses.csv",
        f"speaker,addressee,market,form,call,from_episode\n{who},*,en-US,plain,,\n{who},*,en-US,formal,sir,2\n",
        {"ep01", "ep02", "ep03"},
    )
    yield (
        "addresses.csv",
        f"speaker,addressee,market,form,call,from_episode\n{who},*,en-US,plain,,\n{who},*,en-US,formal,madam,2\n",
        {"ep02", "ep03"},
    )
    table = root / "terms.csv"
    first = next(row for row in walk.rows(series["ep01"].table("en-US")) if row["id"].startswith("L"))
    yield (
        "addresses.csv",
        f"speaker,addressee,market,form,call,from_episode\n{who},*,en-US,plain,,\n{who},*,en-US,formal,madam,2\n"
        f"{first['speaker']},{other if first['speaker'] == who else who},en-US,,Master Lu,2\n",
        {"ep02", "ep03"},
    )
    terms = table.read_text("utf-8-sig") if table.exists() else "source,en-US,kind,scope\n"
    head = terms.splitlines()[0].split(",")
    rows = ({"source": "月亮", "scope": "2-"}, {"source": "井", "scope": "1"})
    told = (row | {"en-US": "Words", "kind": "idiom"} for row in rows)
    yield "terms.csv", terms + "".join(",".join(row.get(name, "") for name in head) + "\n" for row in told), {"ep03"}
    cast = (root / "cast.toml").read_text("utf-8")
    name = next(one for one in bible.cast if one.id == who).called("en-US")
    assert name and f'"en-US" = "{name}"' in cast
    yield "cast.toml", cast.replace(f'"en-US" = "{name}"', '"en-US" = "Moon Face"'), {"ep01", "ep02", "ep03"}


def test_exactly_what_is_told_is_redone_for_every_kind_of_edit(
    series: dict[str, Place], server: Server, tmp_path: Path
) -> None:
    assert not any(one.touched or one.never or one.waiting for one in foreseen(series, server).values())
    root = series["ep01"].series
    for at, (file, text, about) in enumerate(edits(series)):
        edited = tmp_path / f"edit{at}{Path(file).suffix}"
        edited.write_text(text, "utf-8")
        told = foreseen(series, server, edited)
        assert not any(one.never or one.waiting for one in told.values())
        assert {name for name, one in told.items() if one.lines or one.adapted} == about, file
        before = {name: words_of(place) for name, place in series.items()}
        questions = len(server.asked())
        (root / file).write_text(text, "utf-8")
        asked = Counter[str]()
        heard: set[str] = set()
        for name, place in series.items():
            ran = run(place, server)
            assert ran.outcome.exit_code == 0, ran.told("failed")
            after = words_of(place)
            counted(ran, told[name], before[name], after, heard)
            asked.update(told[name].asked)
            heard |= {dub for dub, _ in after.values()}
        done = Counter(line for lines in server.asked()[questions:] for line in lines)
        assert done == asked, f"{file}: exactly the lines that were told are asked"
        assert not any(one.touched or one.waiting for one in foreseen(series, server).values()), "nothing stale"
    assert sum(ran.done().total() for ran in (run(place, server) for place in series.values())) == 0, "nothing more"


def words_of(place: Place) -> dict[str, tuple[str, str]]:
    return {row["id"]: (row["dub"], row["subtitle"]) for row in walk.rows(place.table("en-US"))}


def counted(
    ran: Ran, told: Impact, before: dict[str, tuple[str, str]], after: dict[str, tuple[str, str]], heard: set[str]
) -> None:
    """Receipts: the lines told were translated, those whose words differ were spoken, and no others.

    What the episodes say alike is adapted and spoken once for all of them: ``heard`` are words spoken elsewhere.
    """
    done = Counter((one.stage, one.title.split()[0] if one.title else "") for one in ran.events if one.kind == "done")
    translated = [line for stage, line in done.elements() if stage == "translate"]
    assert len(translated) == len(set(translated)) and set(told.lines) <= set(translated)
    # A line that an earlier episode says as well is weighed against its words, which just changed there.
    assert set(translated) <= {*told.lines, *told.adapted}
    adapted = {line for stage, line in done if stage == "adapt"}
    new = {line for line in after if after[line] != before[line]}
    assert adapted <= {*told.adapted, *told.lines} and set(told.adapted) <= adapted | new
    assert new <= {*told.lines, *told.adapted}, "no other line's words changed"
    spoken = {line for stage, line in done if stage == "synthesize"}
    own = {line for line in new & set(told.lines) if line.startswith("L") and after[line][0] not in heard}
    assert own <= spoken <= new
    stages = Counter(stage for stage, _ in done.elements())
    assert stages["caption"] == stages["render"] == (1 if new else 0) >= stages["mix"], stages
    if not told.touched:
        assert not done, "an episode that is not told of does nothing at all"


def test_an_edited_table_is_told_by_its_columns(series: dict[str, Place], server: Server, tmp_path: Path) -> None:
    root = series["ep01"].series
    copy = tmp_path / "copy"
    shutil.copytree(root, copy)
    assert not any(one.touched for one in foreseen(series, server, copy).values())
    (copy / "relations.csv").unlink(missing_ok=True)
    assert any(one.lines for one in foreseen(series, server, copy).values())
    bible = open_series(root)
    voice = "stock-m2" if "stock-m1" in str(bible.casting) else "stock-m1"
    who = [row["speaker"] for row in walk.rows(series["ep01"].table("en-US")) if row["id"].startswith("L")][-1]
    cast = tmp_path / "voices.toml"
    cast.write_text("".join(f'[{one.id}]\n"*" = "{voice}"\n' for one in bible.cast if one.id == who), "utf-8")
    found = foreseen(series, server, cast).values()
    assert all(one.takes and not one.lines for one in found), "another voice speaks anew and translates nothing"
    for name, text, says in (
        ("a.csv", "person,of,relation\nnobody,else,x\n", "not in cast.toml"),
        ("b.csv", "source,en-US,kind\n好,ok,nickname\n", "kind cannot be"),
        ("series.toml", 'id = "x"\n', "cannot be weighed by itself"),
    ):
        (tmp_path / name).write_text(text, "utf-8")
        with pytest.raises(InputError, match=says):
            foreseen(series, server, tmp_path / name)
    (tmp_path / "nothing").mkdir()
    with pytest.raises(InputError, match=r"no series\.toml"):
        foreseen(series, server, tmp_path / "nothing")
