"""An episode whose transcript lies on a translator's desk: three lines, read again at every run."""

from __future__ import annotations

from pathlib import Path

from localize.corrections import corrected
from localize.engine import ledger
from localize.engine.order import Order
from localize.engine.transcript import corrections, import_transcript, transcript_path, write_transcript
from localize.episode import Line
from localize.formats.transcript_csv import COLUMNS
from localize.series import SeriesBible, create_series, open_series
from localize.timing import Ms, span

READ = (
    Line("", span(1_000, 3_000), "你好走", "a"), Line("", span(3_200, 4_000), "不走", "b"),
    Line("", span(6_000, 7_000), "那就留下", "a"),
)  # fmt: skip


class Desk:
    """An episode whose transcript lies on a translator's desk."""

    def __init__(self, folder: Path) -> None:
        episode = folder / "ep01.mp4"
        self.bible: SeriesBible = create_series(folder / "SERIES", episode)
        self.order = Order(episode, (), folder / "out", by="Mei")
        self.path = transcript_path(self.order)
        self.run()

    def cast(self, *names: str) -> None:
        """Members of the cast called so."""
        rows = (f'[[character]]\nid = "{name}"\nname = "{name.upper()}"\naliases = ["小{name}"]\n' for name in names)
        (self.bible.root / "cast.toml").write_text("\n".join(rows), "utf-8")
        self.bible = open_series(self.bible.root)

    def rows(self, *rows: str) -> None:
        """Type these rows, with ``|`` between the cells, in the place of all there are."""
        self.path.write_text("\r\n".join((";".join(COLUMNS), *rows, "")).replace("|", ";"), "utf-8-sig")

    def written(self, *rows: str) -> None:
        """The same rows, as if a run had written them."""
        self.rows(*rows)
        next((self.bible.root / "edits").glob("*.base.csv")).write_bytes(self.path.read_bytes())

    def run(self) -> tuple[Line, ...]:
        """What the pipeline does with it: take corrections in, read again, show the result."""
        import_transcript(self.order, self.bible, Ms(10_000))
        minted = ledger.mint(self.bible.root / "lines" / "ep01.json", READ)
        lines = corrected(minted.lines, corrections(self.order, self.bible))
        shown = corrected(minted.lines, corrections(self.order, self.bible), dropped=True)
        assert write_transcript(self.order, self.bible, shown)
        return lines

    def change(self, *swaps: tuple[str, str]) -> None:
        text = self.path.read_text("utf-8-sig")
        for old, new in swaps:
            assert old in text
            text = text.replace(old, new, 1)
        self.path.write_text(text, "utf-8-sig")


SECOND = "L0002|3.2|4|b||speech|不走"
THIRD = "L0003|6|7|a||speech|那就留下"
