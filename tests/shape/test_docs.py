"""The pages say what is there: links lead somewhere, tables are complete, the worked example of an engine runs."""

import json
import os
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from localize import backends, checks
from localize.market import markets, platforms
from localize.roles import ROLES

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md"))]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]


def page(name: str) -> str:
    return (ROOT / "docs" / name).read_text("utf-8")


def prose(path: Path) -> str:
    """The page without its code blocks."""
    return re.sub(r"^```.*?^```$", "", path.read_text("utf-8"), flags=re.DOTALL | re.MULTILINE)


def anchors(path: Path) -> set[str]:
    """The anchors a page's headings get, spelled the way GitHub does."""
    heads = re.findall(r"^#+ (.+)$", prose(path), flags=re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", head.lower()).strip().replace(" ", "-") for head in heads}


def links() -> Iterator[tuple[Path, str]]:
    for path in PAGES:
        for target in re.findall(r"\]\(([^)\s]+)\)", prose(path)):
            if not re.match(r"[a-z]+:", target):
                yield path, target


@pytest.mark.parametrize(
    ("path", "target"), sorted(links()), ids=lambda value: value.name if isinstance(value, Path) else value
)
def test_links_lead_somewhere(path: Path, target: str) -> None:
    name, _, anchor = target.partition("#")
    place = (path.parent / name).resolve() if name else path
    assert place.exists(), f"{path.name} links to {target}"
    if anchor:
        assert anchor in anchors(place), f"{path.name} links to {target}, and {place.name} has no such heading"


def rows(name: str, heading: str) -> dict[str, list[str]]:
    """The table under a heading: first cell (without backticks) → cells."""
    part = page(name).split(f"\n## {heading}\n", 1)[1].split("\n## ", 1)[0]
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in part.splitlines() if line[:1] == "|"]
    return {row[0].strip("`"): row for row in cells[2:]}


def test_every_check_is_on_its_page() -> None:
    told = rows("checks.md", "The checks")
    assert set(told) == set(checks.known())
    for name, check in checks.known().items():
        assert told[name][1] == check.says


def test_every_role_is_on_its_page() -> None:
    assert tuple(sorted(rows("engines.md", "Roles"))) == tuple(sorted(ROLES))


def test_every_engine_is_on_its_page() -> None:
    part = page("engines.md").split("\n## What there is\n", 1)[1].split("\n## ", 1)[0]
    told = {tuple(found) for found in re.findall(r"^\| `(\w+)` \| `(\w+)` \| (\w+) \|", part, flags=re.MULTILINE)}
    built_in = {
        (role, name, card.grade)
        for role in ROLES
        for name, card in backends.known(role).items()
        if card.load.__module__.startswith("localize.")
    }
    assert told == built_in


def test_every_extra_is_on_its_page() -> None:
    text = page("engines.md")
    for extra in PROJECT["optional-dependencies"]:
        assert f"`{extra}`" in text or f"[{extra}]" in text, extra


def test_every_market_and_platform_is_on_its_page() -> None:
    text = page("markets.md")
    for code, market in markets().items():
        limits = market.subtitles
        row = next(line for line in text.splitlines() if line.startswith(f"| `{code}`"))
        for number in (limits.row_chars, limits.rows, limits.chars_per_second):
            assert re.search(rf"\b{number:g}\b", row), f"{code}: {number:g}"
    for platform in platforms():
        assert f"`{platform}`" in text, platform


def test_every_page_is_linked() -> None:
    wanted = {path.name for path in (ROOT / "docs").glob("*.md")}
    assert wanted <= {Path(target.partition("#")[0]).name for _, target in links()}


@pytest.mark.parametrize("name", ["versions.png", "report.png", "captions.png"])
def test_the_pictures_are_there_and_shown(name: str) -> None:
    assert (ROOT / "docs" / name).read_bytes().startswith(b"\x89PNG")
    assert name in {Path(target).name for _, target in links()}


def test_readme_marks_its_two_commands() -> None:
    text = (ROOT / "README.md").read_text("utf-8")
    for name, word in (("run", "localize"), ("test", "pytest")):
        blocks = re.findall(rf"<!-- {name} command -->\n```bash\n(.*?)```", text, flags=re.DOTALL)
        assert len(blocks) == 1
        lines = blocks[0].strip().splitlines()
        assert len(lines) == 1 and word in lines[0]


def files_of_the_example() -> dict[str, str]:
    found = re.findall(r"<!-- file: (\S+) -->\n```\w+\n(.*?)^```$", page("engines.md"), flags=re.DOTALL | re.MULTILINE)
    return dict(found)


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that looks like site-packages after the example was installed."""
    place, files = tmp_path_factory.mktemp("site"), files_of_the_example()
    about = tomllib.loads(files["pyproject.toml"])["project"]
    (place / "house_table.py").write_text(files["house_table.py"], "utf-8")
    facts = place / f"{about['name'].replace('-', '_')}-{about['version']}.dist-info"
    facts.mkdir()
    head = f"Metadata-Version: 2.1\nName: {about['name']}\nVersion: {about['version']}\n"
    (facts / "METADATA").write_text(head, "utf-8")
    groups = (
        f"[{group}]\n" + "".join(f"{name} = {where}\n" for name, where in points.items())
        for group, points in about["entry-points"].items()
    )
    (facts / "entry_points.txt").write_text("\n".join(groups), "utf-8")
    return place


def python(place: Path, code: str, **environment: str) -> str:
    """What ``code`` prints with ``place`` on the path."""
    plain = {name: value for name, value in os.environ.items() if name not in ("HOUSE_TABLE", "LOCALIZE_LLM_URL")}
    path = os.pathsep.join(filter(None, (str(place), plain.get("PYTHONPATH", ""))))
    done = subprocess.run(
        [sys.executable, "-c", code], env={**plain, "PYTHONPATH": path, **environment}, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


DOCTOR = "import sys; from localize.cli import main; sys.argv = ['localize', 'doctor', '--json']; main()"


def test_the_doctor_lists_the_example(installed: Path) -> None:
    row = next(row for row in json.loads(python(installed, DOCTOR)) if row["engine"] == "house_table")
    assert (row["role"], row["ready"], row["use"]) == ("translation", False, "commercial")
    assert row["why"] and "HOUSE_TABLE" in row["fix"]


def test_the_example_translates(installed: Path, tmp_path: Path) -> None:
    table = tmp_path / "table.tsv"
    table.write_text("id-ID\t少爷！\tTuan Muda!\tTuan Muda!\n", "utf-8")
    code = (
        "from localize import backends\n"
        "from localize.roles import TranslationRequest as Ask\n"
        "engine = backends.load('translation', 'house_table')\n"
        "asked = [Ask('L0001', '少爷！', 'id-ID', 1.0), Ask('L0002', '走！', 'id-ID', 1.0)]\n"
        "print(*((one.line, one.dub.normal, one.subtitle) for one in engine.translate(asked)))\n"
    )
    said = python(installed, code, HOUSE_TABLE=str(table), PYTHONIOENCODING="utf-8")
    assert said.strip() == "('L0001', 'Tuan Muda!', 'Tuan Muda!')"
    ready = json.loads(python(installed, DOCTOR, HOUSE_TABLE=str(table)))
    assert [row["ready"] for row in ready if row["engine"] == "house_table"] == [True]
