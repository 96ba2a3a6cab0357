import concurrent.futures
import json

import numpy as np
import pytest

from tfgan_lab.metrics import (
    METRICS,
    Evaluator,
    Features,
    append_evaluations,
    coverage_and_density,
    frechet_distance,
    kernel_distance,
    measures,
    read_evaluations,
)
from tfgan_lab.metrics.evaluator import Evaluation

RNG = np.random.default_rng(0)


class FirstPixels(Features):
    """The first row's pixels, and two classes by their mean."""

    name, resizer = "first pixels", "none"

    def __init__(self, classes=True):
        self.classes, self.sizes = classes, []

    def extract(self, images):
        self.sizes.append(len(images))
        vectors = np.asarray(images, np.float64)[:, 0, :, 0]
        share = 1 / (1 + np.exp(-5 * vectors.mean(axis=1)))
        return vectors, np.stack([share, 1 - share], axis=1) if self.classes else None


def images(count, shift=0.0):
    return RNG.uniform(-1, 1, (count, 4, 4, 1)) + shift


def sampled(fakes):
    return lambda count, index: fakes[index * measures.BLOCK :][:count]


def test_every_measure_with_its_protocol():
    reals, fakes, space = images(60), images(50, 0.1), FirstPixels()
    evaluator = Evaluator(reals, space, tuple(METRICS), num_fakes=50)
    evaluations = {each.metric: each for each in evaluator.evaluate(sampled(fakes))}
    assert list(evaluations) == list(METRICS)
    ours = space(fakes)
    points = {"fid": frechet_distance(ours, space(reals)),
              "kid": kernel_distance(ours, space(reals)).value,
              "coverage": coverage_and_density(ours, space(reals))[0]}  # fmt: skip
    for name, value in points.items():
        assert evaluations[name].value == pytest.approx(value, rel=1e-9)
    for each in evaluations.values():
        assert each.protocol["features"] == "first pixels" and each.protocol["resizer"] == "none"
        assert each.counts == {"real": 60, "fake": 50, "real_baseline": [30, 30]}
        assert np.isfinite(each.real_baseline)
        entry = json.loads(json.dumps(each.to_dict(), allow_nan=False))
        assert entry["value"] == pytest.approx(each.value)
        assert f"{each.metric} " in str(each) and "60 real, 50 fake" in str(each)
    assert evaluations["kid"].standard_error > 0
    assert any("FID of 50 images is biased" in text for text in evaluations["fid"].warnings)
    assert METRICS["fid"].caveat(measures.FEW) == ""


def test_a_metric_is_a_row_of_the_table(monkeypatch):
    def sureness(fakes, reals, held_out):
        return fakes.score.count / 100, 0.1

    row = measures.Measure(sureness, "low", "none", "probabilities", lambda fewest: f"Of {fewest}.")
    monkeypatch.setitem(METRICS, "sureness", row)
    (found,) = Evaluator(images(40), FirstPixels(), ("sureness",)).evaluate(sampled(images(40)))
    assert (found.value, found.standard_error, found.real_baseline) == (0.4, 0.1, 0.4)
    assert found.warnings[0] == "Of 40." and found.protocol["estimator"] == "none"
    with pytest.raises(ValueError, match="Expected features that know classes for sureness"):
        Evaluator(images(9), FirstPixels(False), ("sureness",))


def test_the_real_baseline_is_real_against_real():
    reals = np.concatenate([images(100, -3), images(100, 3)])  # sorted, as folders are
    evaluator = Evaluator(reals, FirstPixels(), ("kid", "fid", "coverage", "inception_score"))
    as_they_lie = kernel_distance(*np.split(FirstPixels()(reals), 2)).value
    assert abs(evaluator.real_baselines["kid"]) < as_they_lie / 100
    assert evaluator.real_baselines["fid"] < 2 and evaluator.real_baselines["coverage"] > 0.8
    assert evaluator.real_baselines["inception_score"] == pytest.approx(
        2, abs=0.01
    )  # the reals' own
    assert Evaluator(reals[:9], FirstPixels()).real_baselines["kid"] is None


def test_more_images_than_are_kept(monkeypatch):
    monkeypatch.setattr(measures, "MOST_KEPT", 30)
    monkeypatch.setattr("tfgan_lab.metrics.evaluator.MOST_KEPT", 30)
    monkeypatch.setattr("tfgan_lab.metrics.evaluator.BLOCK", 16)
    monkeypatch.setattr(measures, "BLOCK", 16)
    reals, fakes, space, done = images(50), images(70), FirstPixels(), []
    evaluator = Evaluator(reals, space, ("fid", "kid"), num_fakes=70)
    fid, kid = evaluator.evaluate(sampled(fakes), lambda *count: done.append(count))
    assert max(space.sizes) == 16 and done[-1] == (70, 70)
    assert fid.counts["fake"] == 70 and kid.counts["fake"] == 30
    assert fid.value == pytest.approx(frechet_distance(space(fakes), space(reals)), rel=1e-9)


def test_memory_is_flat_in_the_number_of_images():
    import tracemalloc

    def peak(count):
        evaluator = Evaluator(images(50), FirstPixels(), ("fid", "kid"), num_fakes=count)
        tracemalloc.start()
        evaluator.evaluate(lambda size, _: np.zeros((size, 4, 4, 1)))
        highest = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return highest

    assert peak(60_000) < 1.1 * peak(6_000)


def test_held_out_images_tell_copies():
    reals = images(60)
    evaluator = Evaluator(
        reals, FirstPixels(), ("copying_ratio", "copying_statistic"), held_out=images(40)
    )
    ratio, statistic = evaluator.evaluate(sampled(reals + 0.001))
    assert ratio.value < 0.1 and statistic.value < -5
    ratio, statistic = evaluator.evaluate(sampled(images(60)))
    assert ratio.value == pytest.approx(1, abs=0.2) and abs(statistic.value) < 3


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((images(9), FirstPixels(), ("lpips",)), "Expected metrics out of kid.*Received: lpips"),
        ((images(9), FirstPixels(), ()), "Received: none"),
        ((images(1), FirstPixels()), "at least 2 real and 2 generated.*Received: 1 and 1"),
    ],
)
def test_refuses(arguments, message):
    with pytest.raises(ValueError, match=message):
        Evaluator(*arguments)


def test_what_goes_wrong_while_evaluating():
    evaluator = Evaluator(images(9), FirstPixels())
    with pytest.raises(ValueError, match="Expected finite images"):
        evaluator.evaluate(lambda *_: np.full((9, 4, 4, 1), np.nan))
    evaluator = Evaluator(images(9), FirstPixels(), time_limit=0.0)
    with pytest.raises(TimeoutError, match="end within 0 seconds"):
        evaluator.evaluate(sampled(images(9)))


def test_constant_fakes_have_values_or_null():
    constant = np.zeros((20, 4, 4, 1))
    names = tuple(name for name in METRICS if name != "inception_score")
    for each in Evaluator(images(20), FirstPixels(), names).evaluate(sampled(constant)):
        assert each.to_dict()["value"] is not None
    for each in Evaluator(constant, FirstPixels(), names).evaluate(sampled(constant)):
        json.dumps(each.to_dict(), allow_nan=False)


def test_records(tmp_path):
    assert read_evaluations(tmp_path) == []
    evaluations = Evaluator(images(20), FirstPixels()).evaluate(sampled(images(20)))
    append_evaluations(tmp_path, evaluations, epoch=3, images=60)
    append_evaluations(tmp_path, evaluations, epoch=6, images=120)
    entries = read_evaluations(tmp_path)
    assert [entry["epoch"] for entry in entries] == [3, 6]
    assert {"metric", "value", "protocol", "counts", "real_baseline"} <= entries[0].keys()
    (tmp_path / "metrics.json").write_text('{"a": 1}')
    with pytest.raises(ValueError, match="Expected a list of evaluations"):
        read_evaluations(tmp_path)


def test_several_may_add_to_the_same_list(tmp_path):
    def add(number):
        evaluation = Evaluation("kid", number, None, None, "low", {}, {})
        append_evaluations(tmp_path, [evaluation], images=number)

    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        list(pool.map(add, range(40)))
    assert sorted(entry["value"] for entry in read_evaluations(tmp_path)) == list(range(40))
