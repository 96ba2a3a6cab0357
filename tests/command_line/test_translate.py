"""The verb that translates, and the program that trains for it."""

import functools
import shutil
import sys

import numpy as np
import pytest
from PIL import Image

from experiments import translation
from tests.runs.tiny_translator import TINY_CYCLEGAN, TINY_STARGAN
from tfgan_lab.command_line.main import main, run_command
from tfgan_lab.files import read_json, write_json
from tfgan_lab.runs import TranslationRun, open_run
from tfgan_lab.runs.reading import translation_run
from tfgan_lab.runs.reading.run_comparison import read_runs

WAY = {"source": "red", "target": "blue"}
MEASURES = {
    "kid": [WAY | {"after": {"value": 0.25, "protocol": {"features": "random"}, "counts": {}}}],
    "factors": [WAY | {"asked": 0.75, "count": 8}],
}


@pytest.fixture(autouse=True, scope="module")
def _fewer_measured():
    with pytest.MonkeyPatch.context() as patch:
        few = functools.partial(translation_run.measure_factors, num_images=8)
        patch.setattr(translation_run, "measure_factors", few)
        yield


def size_of(path):
    with Image.open(path) as image:
        return image.size


def experiment(**settings):
    argv = []
    for name, value in settings.items():
        argv.append(f"--{name}={value}" if value is not False else f"--no{name}")
    return run_command("experiments.translation", sys.modules[translation.__name__], argv)


@pytest.fixture(scope="module")
def cyclegan(tmp_path_factory):
    run = tmp_path_factory.mktemp("cyclegan")
    assert experiment(**TINY_CYCLEGAN | {"epochs": 1}, run_dir=run) == 0
    return run


@pytest.fixture(scope="module")
def stargan(tmp_path_factory):
    folders = tmp_path_factory.mktemp("domains")
    for number, name in enumerate(["ash", "oak", "elm"]):
        (folders / name).mkdir()
        for index in range(4):
            pixels = np.random.default_rng([number, index]).integers(0, 256, (20, 24, 3), np.uint8)
            Image.fromarray(pixels).save(folders / name / f"{index}.png")
    run = tmp_path_factory.mktemp("stargan")
    settings = {name: value for name, value in TINY_STARGAN.items()
                if name not in ("drawn", "num_drawn", "domains")}  # fmt: skip
    data_dir = ",".join(str(folders / name) for name in ("oak", "ash", "elm"))
    more = {"epochs": 1, "image_size": 16, "data_dir": data_dir}
    assert experiment(**settings | more, run_dir=run) == 0
    return run


@pytest.fixture
def images(tmp_path):
    folder = tmp_path / "images"
    folder.mkdir()
    rng = np.random.default_rng(0)
    for name, size in [("long", (3000, 17)), ("odd", (33, 21))]:
        Image.fromarray(rng.integers(0, 256, (*size[::-1], 3), np.uint8)).save(
            folder / f"{name}.png"
        )
    Image.new("L", (40, 40), 200).save(folder / "grey.jpg")
    (folder / "notes.txt").write_text("no image")
    return folder


def test_the_program_trains_measures_and_leaves_a_page(cyclegan, capsys):
    assert {"generator.keras", "report.html", "translation.json"} <= {
        path.name for path in cyclegan.iterdir()
    }
    measured = read_json(cyclegan / "translation.json")
    assert len(measured["factors"]) == len(measured["kid"]) == 2
    assert min(size_of(cyclegan / "figures/translations.png")) > 300
    page = (cyclegan / "report.html").read_text()
    assert "<h2>Measures</h2>" in page and "as asked" in page
    assert main(["evaluate", str(cyclegan), "--num_fakes=4", "--last"]) == 2
    assert "Received: --num_fakes, --last" in capsys.readouterr().err
    assert main(["evaluate", str(cyclegan), "--verbosity=verbose"]) == 0
    out, err = capsys.readouterr()
    assert "red to blue" in out and "Evaluating: 100%" in err


def test_every_image_keeps_its_size(cyclegan, images, tmp_path, capsys):
    """And none is written over another."""
    out = tmp_path / "out"
    shutil.copy(images / "odd.png", images / "odd_2.png")
    argv = ["translate", str(cyclegan), str(images), str(images / "odd.png")]
    assert main([*argv, f"--output={out}", "--verbosity=verbose"]) == 0
    said, err = capsys.readouterr()
    assert "Translating: 100%" in err
    assert "5 images in" in said and "translated to blue" in said
    assert "notes.txt (" in said
    assert {path.name: size_of(path) for path in out.iterdir()} == {
        "long.blue.png": (3000, 17),
        "odd.blue.png": (33, 21),
        "odd_2.blue.png": (33, 21),
        "odd_3.blue.png": (33, 21),
        "grey.blue.png": (40, 40),
    }
    assert (out / "odd.blue.png").read_bytes() == (out / "odd_3.blue.png").read_bytes()


def test_large_images_are_made_smaller_and_one_says_so(cyclegan, images, tmp_path, capsys):
    argv = ["translate", str(cyclegan), str(images / "grey.jpg"), "--megapixels=0.001"]
    assert main([*argv, "--domain=red", f"--output={tmp_path / 'out'}"]) == 0
    assert "is made smaller: 32x32 of 40x40 pixels" in capsys.readouterr().out
    assert size_of(tmp_path / "out/grey.red.png") == (32, 32)


def test_each_of_many_domains_unless_one_is_named(stargan, images, capsys):
    argv = ["translate", str(stargan), str(images / "odd.png")]
    assert main(argv) == 0
    folder = stargan / "translated"
    names = {f"odd.{name}.png" for name in ("ash", "oak", "elm")}
    assert {path.name for path in folder.iterdir()} == names
    contents = {name: (folder / name).read_bytes() for name in names}
    assert len(set(contents.values())) == 3
    assert main([*argv, "--domain=elm,oak", f"--output={images / 'out'}"]) == 0
    for name in ("elm", "oak"):
        assert (images / f"out/odd.{name}.png").read_bytes() == contents[f"odd.{name}.png"]
    measured = read_json(stargan / "translation.json")
    assert len(measured["kid"]) == 6 and "factors" not in measured
    capsys.readouterr()


@pytest.mark.parametrize(
    ("argv", "message"),
    [
        (["translate", "RUN"], "Expected a run directory and at least one image. Received: 1"),
        (["translate", "RUN", "ODD", "--domain=pink"], "--domain out of red, blue. Rec.* 'pink'"),
        (["translate", "RUN", "nowhere.png"], "nowhere.png: no such file"),
        (["translate", "RUN", "IMAGES/notes.txt"], "notes.txt: "),
        (["translate", "nowhere", "ODD"], "Expected a run in nowhere"),
        (["translate", "RUN", "SMALL"], "from 8 pixels high and wide. Received: .* of 300x7"),
        (["translate", "RUN", "EMPTY"], "Expected at least 1 image in .*empty"),
        (["generate", "RUN"], "Expected a generator from latents .* 'tfgan-lab translate' uses it"),
    ],
)
def test_errors_are_one_sentence(argv, message, cyclegan, images, refuse):
    Image.new("RGB", (300, 7)).save(images / "small.png")
    (images / "empty").mkdir()
    words = {"RUN": str(cyclegan), "ODD": str(images / "odd.png"), "EMPTY": f"{images}/empty",
             "SMALL": str(images / "small.png")}  # fmt: skip
    refuse([words.get(word, word).replace("IMAGES", str(images)) for word in argv], message)


def test_wrong_settings_are_one_sentence(capsys):
    assert experiment(data_dir="nowhere,there", run_dir="never") == 2
    error = capsys.readouterr().err
    assert error.count("\n") == 1 and "nowhere, not there" in error


def test_dry_run_writes_nothing(tmp_path, capsys):
    assert experiment(**TINY_STARGAN, run_dir=tmp_path / "run", dry_run=True) == 0
    said = capsys.readouterr().out
    assert "domains: red with" in said and "Nothing was written." in said
    assert not (tmp_path / "run").exists()


def test_translators_are_compared_by_the_same_images(cyclegan, tmp_path, capsys):
    shutil.copytree(cyclegan, tmp_path / "a")
    shutil.copytree(cyclegan, tmp_path / "b")
    record = read_json(tmp_path / "b" / "config.json")
    record["settings"]["cycle_weight"] = 3.0
    write_json(tmp_path / "b" / "config.json", record)
    for name in ("a", "b"):
        write_json(tmp_path / name / "translation.json", MEASURES)
    runs = read_runs([tmp_path / "a", tmp_path / "b"])
    rows, _ = TranslationRun.side_by_side(runs, count=3)
    assert list(rows) == ["red", "red to blue: a", "red to blue: b",
                          "blue", "blue to red: a", "blue to red: b"]  # fmt: skip
    expected = open_run(cyclegan).generator().translate(rows["red"], "blue")
    np.testing.assert_array_equal(rows["red to blue: a"], expected)
    np.testing.assert_array_equal(rows["red to blue: b"], expected)
    assert rows["blue"].shape == (3, 32, 32, 3) and not np.allclose(rows["blue"], rows["red"])

    assert main(["compare", str(tmp_path / "a"), str(tmp_path / "b")]) == 0
    out = capsys.readouterr().out
    assert "| kid, red to blue (random) | as asked, red to blue (drawn scenes) |" in out
    assert "| 0.25 | 0.75 |" in out and "| cycle_weight | 10.0 | 3.0 |" in out
    assert "SHA-256" not in out and "same images" not in out
    assert f"tfgan-lab translate {tmp_path}/a IMAGE" in out
    page = (tmp_path / "comparison" / "comparison.html").read_text()
    assert "The same images of each domain" in page
    assert page.count('<div class="chart">') == 5  # Two losses, two logits, the way back.


def test_translators_of_other_domains_are_compared_by_their_own(cyclegan, stargan):
    rows, _ = TranslationRun.side_by_side(read_runs([stargan, cyclegan]), count=2)
    names = [name for name in rows if " to " in name]
    assert len(names) == 6 and all("stargan" in name for name in names)


def test_no_translator_is_compared_with_a_generator(cyclegan, tmp_path, refuse):
    record = {"settings": {"latent_size": 8}, "data": {}, "sessions": [{}]}
    write_json(tmp_path / "config.json", record)
    message = "Expected runs of one kind. Received: .*a run of a translator; .*generates images"
    refuse(["compare", str(cyclegan), str(tmp_path)], message)
