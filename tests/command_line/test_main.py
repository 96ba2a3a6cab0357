import errno
import json
import os
import subprocess
import sys
import warnings

import numpy as np
import pytest
import tensorflow as tf
from absl import flags
from PIL import Image

from experiments import translation
from tests.runs.tiny import tiny_flags
from tfgan_lab.command_line import verb_train
from tfgan_lab.command_line.flags import config_from_flags
from tfgan_lab.command_line.main import VERBS, main, run_command

TINY = tiny_flags(num_drawn=6, latent_size=None, epochs=1)
FOLDER = tiny_flags(drawn=None, num_drawn=None, latent_size=None, epochs=1)  # with --data_dir


@pytest.mark.parametrize("argv", [[], ["--help"], ["help"], ["-h"]])
def test_usage(argv, capsys):
    assert main(argv) == 0
    out = capsys.readouterr().out
    assert all(verb in out for verb in VERBS)


@pytest.mark.parametrize("verb", VERBS)
def test_help_of_every_verb(verb, capsys):
    assert main([verb, "--help"]) == 0
    out = capsys.readouterr().out
    assert out.startswith(f"usage: tfgan-lab {verb}") and "--debug" in out


@pytest.mark.parametrize(
    ("argv", "flag"),
    [
        (["train"], "--batch_size  images in a step  (number; 8)"),
        (["train"], "such as 200k  (string; depends on the images)"),
        (["train", "--preset=r4"], "--channels  3 for RGB, 1 for grey  (number; 1)"),
        (["train", "--image_size=16"], "(list; 64,32,16)"),
        (["sweep"], "auto for the fastest precision this machine supports  "
                    "(auto|float32|mixed_bfloat16|mixed_float16; auto)"),
        (["evaluate"], "--num_fakes  generated images; as many as real ones unless given  "
                       "(number; 0)"),
    ],
)  # fmt: skip
def test_help_tells_what_flags_are_unless_given(argv, flag, capsys):
    assert main([*argv, "--help"]) == 0
    assert f"{flag}\n" in capsys.readouterr().out


def test_help_of_another_kind_of_run(capsys):
    assert run_command("experiments.translation", translation, ["--model=stargan", "--help"]) == 0
    out = capsys.readouterr().out
    assert "--model  cyclegan between two domains, stargan among two or more" in out
    assert "such as 200k  (string; 60k)\n" in out
    # The budget is in images.
    assert "--epochs  passes over the (larger) domain in all  (number)\n" in out


def test_version(capsys):
    assert main(["--version"]) == 0
    assert capsys.readouterr().out == "tfgan-lab 0.1.0\n"


def test_help_does_not_wait_for_tensorflow():
    code = (
        "import sys; from tfgan_lab.command_line.main import main\n"
        "main(['--help']); main(['train', '--help']); main(['inspect', '--help'])\n"
        "main(['train', '--batch_size=0', '--drawn=plates', '--dry_run', '--colour=1'])\n"
        "print('tensorflow' in sys.modules, 'keras' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.endswith("False False\n")


@pytest.mark.parametrize(
    ("argv", "message"),
    [
        (["paint"], "Expected a verb out of inspect, convert, train, .*Received: 'paint'"),
        (["train"], "Expected one of --data_dir=FOLDER, --tfds_name=NAME and --drawn=plates"),
        (["train", *TINY, "images"], "Expected flags only, such as --data_dir=images"),
        (["train", *TINY], "Expected --run_dir=FOLDER to write the run to"),
        (["train", *TINY, "--epoch=3"], "Unknown command line flag 'epoch'"),
        (
            ["train", *TINY, "--generator_widths=4,x"],
            "Expected --generator_widths as whole numbers",
        ),
        (["train", "--data_dir=missing", "--run_dir=x"], "Expected a folder.*missing"),
        (["inspect"], "Expected one folder or file, .*Received: 0 arguments"),
        (["inspect", "missing"], "Expected a folder.*missing"),
        (["inspect", "--tfds_name=mnits"], "name of a TensorFlow data set.*Received: 'mnits'"),
        (["convert", "missing"], "Expected --output=FOLDER to write to"),
        (["generate"], "Expected one run directory"),
        (
            ["generate", "x", "--walk_frames=3"],
            "Expected --walk=N with --walk_frames. .* no effect",
        ),
        (["export", "x", "--verify", "--format=onnx"], "--verify alone.* --format, of no effect"),
        (["inspect", "x", "--output=y"], "Expected --figures with --output"),
        (["inspect", "x", "--tfds_label=3"], "Expected --tfds_name=NAME with .* --tfds_label"),
        (["inspect", "x", "--num_drawn=3"], "Expected --drawn with a number.* --num_drawn, of no"),
        (["generate", "missing"], "Expected a released generator at missing"),
        (["report", "missing"], "Expected a run in missing. Received: no config.json"),
        (["diagnose"], "Expected one run directory. Received: 0 arguments"),
        (["diagnose", "a", "b"], "Expected one run directory. Received: 2 arguments"),
        (["compare"], "Expected two run directories or more, each once, .*Received: none"),
        (["compare", "gone"], "Expected two run directories or more, each once.*Received: gone"),
        (["compare", "gone", "away"], "Expected a run in .*gone. Received: no config.json there"),
    ],
)
def test_errors_are_one_sentence_and_exit_code_2(argv, message, refuse, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    refuse(argv, message)
    assert not list(tmp_path.iterdir())


def test_debug_shows_the_traceback():
    with pytest.raises(ValueError, match="Expected --run_dir"):
        main(["train", *TINY, "--debug"])
    with pytest.raises(ValueError, match="Expected --run_dir"):
        main(["train", *TINY, "--debug=true"])


@pytest.mark.parametrize(
    "preset",
    [
        "light",
        *(pytest.param(name, marks=pytest.mark.slow) for name in ("from-scratch", "projected")),
    ],
)
def test_standard_error_is_quiet_from_the_start(preset, tmp_path):
    """Also of TensorFlow's complaints about a graph that it can't optimise."""
    chosen = f"--preset={preset} --drawn=plates --num_drawn=16 --epochs=1".split()
    tiny = {
        "light": TINY,
        "from-scratch": [*chosen, "--image_size=16"],
        # With a step in bfloat16, at the size at which most runs show their images.
        "projected": [*chosen, "--image_size=64", "--precision=mixed_bfloat16"],
    }
    code = "import sys; from tfgan_lab.command_line.main import main; sys.exit(main(sys.argv[1:]))"
    command = [sys.executable, "-c", code, "train", *tiny[preset], f"--run_dir={tmp_path / 'run'}"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stderr == ""
    assert "s/step - " in done.stdout and "run/report.html\nNext:\n" in done.stdout


def test_from_inspection_to_images(tmp_path, capsys):
    for index in range(5):
        Image.new("RGB", (40, 30), (index * 40, 100, 50)).save(tmp_path / f"{index}.jpg")
    (tmp_path / "notes.txt").write_text("no image")
    run = tmp_path.parent / "run"
    assert main(["inspect", str(tmp_path), "--image_size=16"]) == 0
    assert "notes.txt" in capsys.readouterr().out
    assert main(["inspect", str(tmp_path), "--json"]) == 0
    assert len(json.loads(capsys.readouterr().out)["usable"]) == 5

    argv = ["train", f"--data_dir={tmp_path}", f"--run_dir={run}", *FOLDER]
    assert main([*argv, "--dry_run"]) == 0
    assert "Nothing was written." in capsys.readouterr().out and not run.exists()
    assert main(argv) == 0
    out = capsys.readouterr().out
    assert "5 images from" in out and "Files left out: 1, such as notes.txt (not an image)." in out
    assert main([*argv, "--seed=8"]) == 2
    assert "--seed is 8 but was 0" in capsys.readouterr().err
    assert main(["generate", str(run), "--count=3"]) == 0
    assert len(list((run / "generated").glob("0*.png"))) == 3
    assert main(["report", str(run)]) == 0
    assert "report.html\nNext:\n  tfgan-lab explore " in capsys.readouterr().out
    assert main(["diagnose", str(run)]) == 0
    assert "readings, the last at" in capsys.readouterr().out


def test_every_bad_source_is_one_sentence(tmp_path, refuse):
    np.savez(tmp_path / "objects.npz", images=np.array([object], dtype=object))
    (tmp_path / "a-images-idx3-ubyte").write_bytes(bytes([0, 0, 8, 3, *[0, 0, 0, 9] * 3]))
    (tmp_path / "damaged.tfrec").write_bytes(bytes(100))
    with tf.io.TFRecordWriter(str(tmp_path / "other.tfrec")) as writer:
        writer.write(tf.train.Example().SerializeToString())
    (tmp_path / "notes.txt").write_text("no image")
    for name, message in {
        "objects.npz": "pickled Python objects, which are never loaded",
        "a-images-idx3-ubyte": "truncated",
        "damaged.tfrec": "0 of 1 records, the first, damaged.tfrec, record 0: damaged",
        "other.tfrec": "no feature image .*, but none",
        "notes.txt": "Expected a folder of images, or an .npz, idx or TFRecord file",
    }.items():
        argv = ["train", f"--data_dir={tmp_path / name}", f"--run_dir={tmp_path / 'run'}"]
        refuse([*argv, *FOLDER], message)
    assert not (tmp_path / "run").exists()


def test_from_conversion_to_images(tmp_path, capsys):
    out, run = str(tmp_path / "shards"), str(tmp_path / "run")
    argv = ["--drawn=plates", "--num_drawn=6", "--image_size=16", f"--output={out}"]
    assert main(["convert", *argv]) == 0
    printed = capsys.readouterr().out
    assert f"6 images from plates (drawn) in 1 file of 0.0 MB, in {out}." in printed
    assert f"tfgan-lab train --data_dir={out} " in printed
    assert main(["inspect", out, "--image_size=16"]) == 0
    assert f"{out} holds 6 records: 6 can be used" in capsys.readouterr().out
    assert main(["train", f"--data_dir={out}", f"--run_dir={run}", *FOLDER]) == 0
    assert f"6 images from {out} (TFRecord shards)." in capsys.readouterr().out


def test_ctrl_c_before_training_is_a_sentence(capsys, monkeypatch):
    def interrupted(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(verb_train, "run", interrupted)
    assert main(["train", *TINY]) == 130
    assert capsys.readouterr().err == "tfgan-lab train: Stopped.\n"


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EFBIG, errno.EDQUOT])
def test_a_full_disk_is_a_sentence_with_the_remedy(number, capsys, monkeypatch):
    def fail(*_):
        raise OSError(number, os.strerror(number), "runs/first/log.csv")

    monkeypatch.setattr(verb_train, "run", fail)
    assert main(["train", *TINY]) == 2
    error = capsys.readouterr().err
    assert error.startswith(
        "tfgan-lab train: Expected room on the disk for runs/first/log.csv. Received: "
        f"{os.strerror(number).lower()}; nothing that was complete is lost: make room"
    )


def test_warnings_are_notes(capsys, monkeypatch):
    def show(*_):
        print(warnings.formatwarning("A file is odd.", UserWarning, "file.py", 1), end="")

    before = warnings.formatwarning
    monkeypatch.setattr(verb_train, "run", show)
    assert main(["train", *TINY]) == 0
    assert warnings.formatwarning is before
    assert capsys.readouterr().out == "Note: A file is odd.\n"


def test_settings_are_flags_in_groups(capsys):
    import dataclasses

    from tfgan_lab.runs.settings.run_config import RunConfig

    values = flags.FlagValues()
    verb_train.define_flags(values)
    fields = dataclasses.fields(RunConfig)
    assert {field.name for field in fields if field.metadata["flag"]} == set(values) - {
        "dry_run", "overwrite",
    }  # fmt: skip
    values(["train", "--preset=light", "--drawn=plates", "--noaugment_flip", "--beta_1=0"])
    config = config_from_flags(values)
    assert (config.augment_flip, config.pixel_range, config.beta_1) == (False, (-1, 1), 0.0)
    assert main(["train", "--help"]) == 0
    shown = capsys.readouterr().out
    assert shown.index("\ndata:\n") < shown.index("--data_dir  ") < shown.index("\nrun:\n")
    assert shown.index("\nmachine:\n") < shown.index("\ncommand:\n") < shown.index("--overwrite")
    assert shown.count("\n  --") <= 75
