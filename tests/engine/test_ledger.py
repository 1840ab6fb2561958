"""Line ids survive a new transcription."""

import threading
import tracemalloc
from pathlib import Path

import pytest

from localize.engine.ledger import mint, replace_whole
from localize.episode import Line
from localize.errors import InputError
from localize.timing import span


def line(start: int, text: str) -> Line:
    return Line("", span(start, start + 1000), text)


def ids(lines: tuple[Line, ...]) -> list[str]:
    return [one.id for one in lines]


def test_ids_are_minted_in_order_and_stay(tmp_path: Path) -> None:
    lines = [line(0, "少爷！"), line(2000, "夫人请您过去。"), line(4000, "知道了。")]
    first = mint(tmp_path / "lines" / "ep.json", lines)
    assert ids(first.lines) == ["L0001", "L0002", "L0003"]
    before = (tmp_path / "lines" / "ep.json").read_bytes()
    again = mint(tmp_path / "lines" / "ep.json", lines)
    assert again.lines == first.lines and not again.fresh and not again.retired
    assert (tmp_path / "lines" / "ep.json").read_bytes() == before


def test_a_line_read_differently_and_moved_keeps_its_id(tmp_path: Path) -> None:
    mint(tmp_path / "lines" / "ep.json", [line(0, "少爷！"), line(2000, "夫人请您过去。")])
    again = mint(tmp_path / "lines" / "ep.json", [line(40, "少爷"), line(1000, "谁？"), line(2120, "夫人请你过去。")])
    assert ids(again.lines) == ["L0001", "L0003", "L0002"]
    assert again.fresh == ("L0003",)


def test_a_look_gives_the_ids_a_run_would_and_writes_nothing(tmp_path: Path) -> None:
    path, lines = tmp_path / "lines" / "ep.json", [line(0, "少爷！"), line(2000, "夫人请您过去。")]
    told = mint(path, lines, looking=True)
    assert not path.parent.exists()
    assert mint(path, lines) == told
    before = path.read_bytes()
    more = [line(900, "谁？"), *lines]
    told = mint(path, more, looking=True)
    assert path.read_bytes() == before and told.fresh == ("L0003",)
    assert mint(path, more) == told


def test_a_vanished_line_is_retired_and_its_id_never_reused(tmp_path: Path) -> None:
    mint(tmp_path / "lines" / "ep.json", [line(0, "少爷！"), line(2000, "夫人请您过去。")])
    gone = mint(tmp_path / "lines" / "ep.json", [line(0, "少爷！")])
    assert gone.retired == ("L0002",)
    back = mint(tmp_path / "lines" / "ep.json", [line(0, "少爷！"), line(2000, "夫人请您过去。")])
    assert ids(back.lines) == ["L0001", "L0002"]
    mint(tmp_path / "lines" / "ep.json", [line(0, "少爷！")])
    later = mint(tmp_path / "lines" / "ep.json", [line(0, "少爷！"), line(9000, "完全不同的一句话。")])
    assert ids(later.lines) == ["L0001", "L0003"]


def test_a_damaged_ledger_is_refused_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "lines" / "ep.json"
    path.parent.mkdir()
    path.write_text('{"lines": [{"id"', "utf-8")
    with pytest.raises(InputError, match="damaged"):
        mint(path, [line(0, "少爷！")])
    assert path.read_text("utf-8") == '{"lines": [{"id"'


def test_two_runs_never_give_one_id_to_two_lines(tmp_path: Path) -> None:
    path = tmp_path / "lines" / "ep.json"
    mint(path, [line(0, "少爷！")])
    given: list[str] = []
    start = threading.Barrier(4)

    def run(text: str, at: int) -> None:
        start.wait()
        given.extend(mint(path, [line(0, "少爷！"), line(at, text)]).fresh)

    said = ["夫人请您过去。", "今天下雨。", "公司破产了！", "谁在外面？"]
    threads = [threading.Thread(target=run, args=(text, 60_000 * n)) for n, text in enumerate(said, 1)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(given) == ["L0002", "L0003", "L0004", "L0005"]


def test_a_ledger_that_cannot_be_written_names_file_and_way_out(tmp_path: Path) -> None:
    path = tmp_path / "lines" / "ep.json"
    (tmp_path / "lines").write_text("not a folder", "utf-8")
    with pytest.raises(InputError, match=r"ep\.json") as caught:
        mint(path, [line(0, "少爷！")])
    assert "--series DIR" in str(caught.value)


def test_a_file_in_another_encoding_is_replaced(tmp_path: Path) -> None:
    path = tmp_path / "transcript.srt"
    path.write_bytes("少爷！\n".encode("gb18030"))
    replace_whole(path, "少爷！\n")
    assert path.read_bytes() == "少爷！\n".encode()
    before = path.stat().st_ino
    replace_whole(path, "少爷！\n")
    assert path.stat().st_ino == before and list(tmp_path.iterdir()) == [path]


def test_a_long_episode_is_compared_near_by_only(tmp_path: Path) -> None:
    """Three thousand lines, each twice: the table of all against all would hold nine million numbers."""
    lines = [line(n * 1800, f"{'今天明天后天'[n % 6]}第{n % 97}次见到{'你我他她'[n % 4]}") for n in range(3000)]
    path = tmp_path / "lines" / "ep.json"
    first = mint(path, lines)
    tracemalloc.start()
    again = mint(path, [line(one.span.start + 40, one.text) for one in lines[1:]])
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert ids(again.lines) == ids(first.lines)[1:] and again.retired == ("L0001",)
    assert peak < 20_000_000
