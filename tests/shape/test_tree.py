"""The shape of the house: packages, import direction, cheap imports, complete cards."""

import ast
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
FOLDERS = {"localize.cli": "cli", "localize.glossaries": "glossaries", "localize.voices": "voices"}
HEAVY = {"cv2", "onnxruntime", "torch", "numpy", "scipy", "av", "pydantic", "rapidocr", "babel", "httpx"}

LAYERS = (
    {"errors", "timing", "tables", "toml_table"},
    {"episode", "market", "glossary", "series", "voice", "version", "edits", "edit_log", "wording", "addressing",
     "agreement", "phrasebook", "lexicon", "script", "series_files", "titles", "figures", "corrections", "evidence",
     "spreadsheet", "guidance", "inflection", "termbase", "term_checks", "enforcing", "address_matrix", "spoken",
     "pace", "hanzi",
     "address_words", "scope", "relations", "queries", "model_cards", "joined_numbers",
     "spaced_numbers", "number_words", "measures", "adaptation", "verdicts", "renaming", "culture",
     "rates", "sums", "swaps", "repeats", "han", "written_in",
     "voice_ledger", "voice_cards"},
    {"roles", "translation", "speech"},
    {"backends", "formats", "media", "checks", "markets", "glossaries", "voices"},
    {"stages"},
    {"engine", "pipeline"},
    {"review", "cli"},
)
"""Arrows never turn back: a module may import its own layer and those above it in this list."""


def modules() -> Iterator[tuple[str, Path]]:
    for path in (ROOT / "localize").rglob("*.py"):
        yield ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"), path
    for package, folder in FOLDERS.items():
        for path in (ROOT / folder).rglob("*.py"):
            inner = path.relative_to(ROOT / folder).with_suffix("").parts
            yield ".".join((package, *inner)).removesuffix(".__init__"), path


def layer(module: str) -> int:
    name = module.split(".")[1] if "." in module else "localize"
    return next((number for number, names in enumerate(LAYERS) if name in names), len(LAYERS))


def imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def test_the_package_list_equals_the_tree() -> None:
    found = {name for name, path in modules() if path.name == "__init__.py"}
    assert set(PROJECT["tool"]["setuptools"]["packages"]) == found


@pytest.mark.parametrize(("module", "path"), sorted(modules()), ids=lambda value: str(value))
def test_arrows_never_turn_back(module: str, path: Path) -> None:
    if module in ("localize", "localize.__main__"):
        return
    for name in imports(path):
        if name.startswith("localize."):
            assert layer(name) <= layer(module), f"{module} imports {name}"


def test_help_is_cheap() -> None:
    code = "import sys; sys.argv=['localize','--help']\nfrom localize.cli import main\n"
    code += "try: main()\nexcept SystemExit: pass\nprint('LOADED', *sorted(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = set(done.stdout.split("LOADED", 1)[1].split())
    assert not loaded & HEAVY


def test_every_backend_card_is_complete() -> None:
    from localize import backends
    from localize.roles import ROLES

    for role in ROLES:
        for name, card in backends.known(role).items():
            assert card.role == role and card.name == name
            assert card.version and card.summary and card.licence, name
            state = card.available({})
            assert state.ready or (state.why and state.fix), f"{name} must say why it cannot run and what to do"


@pytest.mark.parametrize(("module", "path"), sorted(modules()), ids=lambda value: str(value))
def test_files_stay_small(module: str, path: Path) -> None:
    assert len(path.read_text("utf-8").splitlines()) <= 300


def test_nothing_names_a_machine() -> None:
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False)
    if listed.returncode:
        pytest.skip("not a git checkout")
    marks = ["/" + name + "/" for name in ("work", "root", "farm")]
    for name in listed.stdout.splitlines():
        path = ROOT / name
        if path.suffix in (".py", ".md", ".toml", ".csv", ".sh", ".txt", ".json") and path.exists():
            text = path.read_text("utf-8", errors="ignore")
            assert not [mark for mark in marks if f" {mark}" in text or f'"{mark}' in text], name
