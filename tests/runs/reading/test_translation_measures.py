import keras
import numpy as np
import pytest

from tests.runs.tiny_translator import tiny
from tfgan_lab.data.drawn.plate_domains import draw_domains, draw_with
from tfgan_lab.models.translating import num_domains
from tfgan_lab.runs.reading import translation_measures as measures
from tfgan_lab.runs.reading.tables import factor_table, kid_table
from tfgan_lab.runs.training.run_domains import by_domain, load_domains


class Translator:
    """Translations that a function of (images, domain) makes."""

    domains = ("red", "blue")

    def __init__(self, function):
        self.function = function

    def translate(self, images, domain):
        return self.function(np.asarray(images), domain)


def truth(images, domain):
    """The same scenes with another tablecloth; the measured ones are known by their number."""
    source = "blue" if domain == "red" else "red"
    seed = measures.UNSEEN
    _, _, scenes = draw_domains("tablecloth", [source], len(images), 32, seed)
    return draw_with("tablecloth", domain, scenes, 32, seed).astype(np.float32) / 127.5 - 1


def test_the_true_translation_and_none():
    config = tiny("run")
    best = measures.measure_factors(Translator(truth), config, 12)
    none = measures.measure_factors(Translator(lambda images, _: images), config, 12)
    for row, other in zip(best, none, strict=True):
        assert (row["source"], row["target"]) == (other["source"], other["target"])
        assert row["asked"] == row["reader"] == row["other_kept"] == 1 and row["count"] == 12
        assert row["inside_error"] == 0 and row["outside_error"] < 1
        assert other["asked"] == 0 and other["outside_error"] == 0
        assert other["inside_error"] == other["inside_before"] == row["inside_before"] > 50
        assert row["outside_other"] == other["outside_other"] > 20
    heads, first, _ = factor_table(none)
    assert heads[1:4] == ["as asked", "reader right", "other factor kept"]
    assert first[:4] == ["red to blue", "0.0%", "100.0%", "100.0%"]


def test_a_grey_image_loses_everything():
    rows = measures.measure_factors(Translator(lambda x, _: 0 * x), tiny("run"), 12)
    assert all(row["other_kept"] < 1 and row["outside_error"] > 20 for row in rows)


def test_kid_before_and_after():
    domains = [domain.images for domain in by_domain(load_domains(tiny("run", num_drawn=60)))]
    reals = [domain.astype(np.float32) / 127.5 - 1 for domain in domains]

    def perfect(images, domain):
        return reals[Translator.domains.index(domain)]

    rows = measures.measure_kid(Translator(perfect), domains)
    assert [(row["source"], row["target"]) for row in rows] == [("blue", "red"), ("red", "blue")]
    for row in rows:
        assert row["before"]["value"] > 20 * abs(row["after"]["value"])
        assert row["after"]["metric"] == "kid" and row["after"]["counts"]["real"] > 20
    value = rows[0]["before"]["value"]
    assert kid_table(rows)[1][:2] == ["blue to red", f"{value:.4g}"]


def test_other_networks_are_no_translators():
    network = keras.Sequential([keras.Input((4,)), keras.layers.Dense(2)])
    with pytest.raises(ValueError, match="Expected a translator of images"):
        num_domains(network)
