"""What a run leaves in the ledger, and what verifying it against the delivered versions tells."""

from __future__ import annotations

import csv
import json
import shutil

import pytest
import walk

from localize import voice_ledger
from localize.engine.voice_uses import verify
from localize.series import open_series
from localize.voice_ledger import LEDGER


@pytest.fixture
def chain(delivered: walk.Place) -> walk.Place:
    return delivered


def told(place: walk.Place) -> str:
    return "; ".join(one.message for one in verify(open_series(place.series)).flaws)


def test_every_version_is_on_record_with_its_voices_consents_and_receipts(chain: walk.Place) -> None:
    bible = open_series(chain.series)
    records = voice_ledger.read(chain.series)
    assert sorted(one["market"] for one in records) == sorted(walk.MARKETS)
    assert all((one["what"], one["version"], one["by"]) == ("version", 1, "Ana") for one in records)
    for one in records:
        assert {used["speaker"] for used in one["voices"]}
        for used in one["voices"]:
            assert used["receipts"] and all((chain.store / "receipts" / k[:2] / f"{k}.json").exists()
                                            for k in used["receipts"])  # fmt: skip
            held = bible.consents.get(used["consent"])
            assert used["consent_digest"] == (held.digest if held else "")
            assert bool(used["toward"]) is bool(used["consent"])
    found = verify(bible)
    assert (found.records, found.versions, found.flaws) == (3, 3, ())


def test_a_rerun_adds_nothing_and_a_lost_record_is_written_again(chain: walk.Place) -> None:
    before = {name: (chain.series / name).read_bytes() for name in (LEDGER,)}
    ran = chain.run()
    assert not ran.done() and before[LEDGER] == (chain.series / LEDGER).read_bytes()
    (chain.series / LEDGER).write_bytes(before[LEDGER][:-40])  # as a crash would leave it
    assert [one.torn for one in verify(open_series(chain.series)).flaws] == [True, False]
    chain.run()
    assert not told(chain) and len(voice_ledger.read(chain.series)) == 3


def test_records_cut_off_at_the_end_and_changed_manifests_are_told(chain: walk.Place) -> None:
    whole = (chain.series / LEDGER).read_text("utf-8")
    first = whole.splitlines(keepends=True)[0]
    (chain.series / LEDGER).write_text(first, "utf-8")
    assert told(chain).count("no record says so") == 2
    (chain.series / LEDGER).unlink()
    assert told(chain).count("no record says so") == 3
    (chain.series / LEDGER).write_text(whole, "utf-8")
    manifest = chain.version("en-US") / "manifest.json"
    manifest.write_text(manifest.read_text("utf-8").replace('"toward": ""', '"toward": "x"', 1) + " ", "utf-8")
    assert "the manifest of" in told(chain) and "was changed" in told(chain)


def test_what_the_machine_chose_is_held_and_a_persons_choice_stands(chain: walk.Place) -> None:
    bible = open_series(chain.series)
    said = {one["market"]: {v["speaker"]: v["voice"] for v in one["voices"]} for one in voice_ledger.read(chain.series)}
    for market, row in bible.chosen.items():
        assert {who: voice for who, (voice, _) in row.items()}.items() <= said[market].items()
    (chain.series / "casting.toml").unlink(missing_ok=True)
    (chain.series / "chosen_voices.csv").unlink(missing_ok=True)
    assert chain.run("en").outcome.exit_code == 0
    rows = list(csv.DictReader((chain.series / "chosen_voices.csv").open(encoding="utf-8")))
    cast = {one.id for one in bible.cast} & set(said["en-US"])
    assert {row["character"] for row in rows} == cast and {row["market"] for row in rows} == {"en-US"}
    assert len({row["voice"] for row in rows}) == len(rows), "nobody shares a voice"
    kept = (chain.series / "chosen_voices.csv").read_bytes()
    who = rows[0]["character"]
    (chain.series / "chosen_voices.csv").write_bytes(kept.replace(rows[0]["voice"].encode(), b"stock-child"))
    chain.run("en")
    last = voice_ledger.read(chain.series)[-1]
    assert next(one["voice"] for one in last["voices"] if one["speaker"] == who) == "stock-child"
    assert b"stock-child" in (chain.series / "chosen_voices.csv").read_bytes()


def test_revoking_lists_the_versions_and_later_runs_do_without(chain: walk.Place) -> None:
    agreed = {one["consent"] for record in voice_ledger.read(chain.series) for one in record["voices"]} - {""}
    if not agreed:
        who = open_series(chain.series).cast[0].id
        signed = chain.folder / "signed.txt"
        signed.write_text("I agree.\n", "utf-8")
        made = chain.cli("voices", "consent", chain.series, who, "--document", signed, "--person", "Li Na",
                         "--languages", "en,es,id", "--until", "2090-01-01", "--signed-on", "2026-01-01")  # fmt: skip
        assert made.returncode == 0, made.stderr
        chain.run("en")
        agreed = {who}
    who = sorted(agreed)[0]
    shutil.rmtree(chain.home / "nothing", ignore_errors=True)
    listed = chain.cli("voices", "revoke", chain.series, who, "--json")
    found = json.loads(listed.stdout)
    assert any(one["market"] == "en-US" for one in found), listed.stderr
    again = chain.run("en")
    assert f"{who} speaks with the stock voice" in again.told("note") and "revoked the consent" in again.told("note")
    facts = json.loads((again.outcome.delivered[0].folder / "manifest.json").read_text("utf-8"))["casting"]
    own = next(one for one in facts if one["speaker"] == who)
    assert own["toward"] == "" and "revoked the consent" in own["why"]
    verified = chain.cli("ledger", "verify", chain.series)
    assert verified.returncode == 0 and "unbroken" in verified.stdout, verified.stderr
    ledger = chain.series / LEDGER
    ledger.write_text(ledger.read_text("utf-8").replace('"by": "Ana"', '"by": "Bea"', 1), "utf-8")
    broken = chain.cli("ledger", "verify", chain.series)
    assert broken.returncode == 5 and "record 1 was changed after it was written" in broken.stderr
