"""Cards of generators that no run of the tests has."""

import re

import jinja2
import numpy as np
import pytest

from tests.golden.unpacking import unpacked
from tfgan_lab.files import read_json, write_json
from tfgan_lab.runs.export.card import latents_in_words, render_card, usage
from tfgan_lab.runs.export.facts import generator_facts, run_facts
from tfgan_lab.runs.export.portable import open_portable

CHECK = {"runtime": "tensorflow 2", "images": 4, "greatest_difference": 0.0, "tolerance": 1e-3}


def card(generator, run=None, **more):
    return {
        "format": "savedmodel",
        "name": "plates",
        "exported": "2026-01-02T00:00:00+00:00",
        "generator": generator,
        "run": run,
        "data_licence": None,
        "check": CHECK,
        "original": {"file": "generator.keras", "sha256": "0" * 64},
        "versions": {"tfgan_lab": "0.1.0"},
    } | more


@pytest.mark.parametrize(
    ("latents", "words", "range_of_draws"),
    [
        ("normal(3, 0.1)", "normal with mean 3 and standard deviation 0.1", (2, 4)),
        ("uniform(-1, 1)", "uniform from -1 to 1", (-1, 1)),
        ("gamma(2, 0.5)", "gamma with shape 2 and scale 0.5", (0, 50)),
        ("truncated_normal(0, 1, 0.5)", "redrawn beyond 0.5 standard", (-0.5, 0.5)),
    ],
)
def test_latents_are_told_and_drawn_as_they_are(
    latents, words, range_of_draws, tmp_path, monkeypatch
):
    portable = open_portable(unpacked("gan", tmp_path), latents)
    facts = generator_facts(portable)
    assert words in latents_in_words(facts["latents"])
    code = usage(card(facts)).splitlines()
    [line] = [line for line in code if line.startswith("latents = ")]
    drawn = portable.examples["generator"][1]["latents"]
    np.savez(tmp_path / "examples.npz", **{"generator/1/latents": drawn})
    monkeypatch.chdir(tmp_path)
    held = {"np": np}
    exec(line, held)
    assert held["latents"].shape[1] == 4 and held["latents"].dtype == np.float32
    low, high = range_of_draws
    assert low <= held["latents"].min() and held["latents"].max() <= high


def test_examples_show_every_class_and_other_batches(tmp_path):
    batches = open_portable(unpacked("conditional", tmp_path)).examples["generator"]
    assert [len(batch["expected"]) for batch in batches] == [1, 3]
    assert batches[1]["labels"].tolist() == [0, 1, 2] and batches[1]["labels"].dtype == np.int32


def test_failures_rollbacks_and_translations_are_told(tmp_path):
    run = unpacked("stargan", tmp_path)
    after = {"value": 0.25, "standard_error": 0.01, "real_baseline": None,
             "protocol": {"features": "random"}, "counts": {}}  # fmt: skip
    row = {"source": "red", "target": "blue", "before": {"value": 1.5}, "after": after}
    write_json(run / "translation.json", {"kid": [row]})
    verdict = read_json(run / "verdict.json")
    verdict["verdict"] |= {"name": "collapse", "sentence": "All look alike.", "remedy": "Help it."}
    write_json(run / "verdict.json", verdict)
    record = read_json(run / "config.json")
    went_back = {"images": 36, "back_to_images": 24, "verdict": "mode_collapse"}
    rollbacks = [went_back | {"changes": {"beta_1": [0.5, new]}} for new in (0.2, 0.1)]
    record["settings"]["run_dir"] = "secret"
    write_json(run / "config.json", record | {"rollbacks": rollbacks})
    facts = generator_facts(open_portable(run))
    page = render_card(card(facts, run_facts(run / "generator.keras")))
    assert "| red to blue | 1.5 | 0.25 | 0.01 |  |" in page and "in features random" in page
    assert "All look alike. Help it." in page and "secret" not in page
    assert page.count("- Goes back from 36 to 24 training images for mode collapse, and on") == 2
    assert "--beta_1=0.1 (was 0.5)" in page
    assert "The domains in their order: red, blue, grey." in page
    assert "multiples of 8" in page


def test_another_file_is_not_said_to_have_seen_all(tmp_path):
    run = unpacked("gan", tmp_path)
    facts = run_facts(run / "other_generator.keras")
    assert facts["budget"] is None and facts["metrics"] == []
    generator = generator_facts(open_portable(run))
    assert "Seen: not known of this file" in render_card(card(generator, facts))


def test_names_cannot_break_the_page(tmp_path):
    facts = generator_facts(open_portable(unpacked("conditional", tmp_path)))
    facts["classes"]["names"] = ["a|b", "<script>", "two\nlines"]
    page = render_card(card(facts))
    assert r"| 0 | a\|b |" in page and r"| 1 | \<script\> |" in page and "| 2 | two lines |" in page
    assert not re.search(r"\n{4,}", page)


def test_a_card_with_a_hole_is_not_written(tmp_path):
    facts = generator_facts(open_portable(unpacked("gan", tmp_path)))
    with pytest.raises(jinja2.UndefinedError):
        render_card(card(facts, original={}))
