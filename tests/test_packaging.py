"""What is built from the sources is whole: installed alone, it trains."""

import os
import pathlib
import shutil
import subprocess
import sys
import tarfile
import zipfile

import pytest

ROOT = pathlib.Path(__file__).parents[1]
SOURCES = ("pyproject.toml", "setup.cfg", "README.md", "LICENSE", "tfgan_lab")
TINY = ("--drawn=plates", "--num_drawn=8", "--image_size=16", "--batch_size=4", "--preset=light",
        "--generator_widths=4,4", "--discriminator_widths=4", "--epochs=1")  # fmt: skip


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """The folder of a wheel that was built from an sdist, and of that."""
    folder = tmp_path_factory.mktemp("built")
    source = folder / "source"
    source.mkdir()
    for name in SOURCES:
        if (ROOT / name).is_dir():
            ignored = shutil.ignore_patterns("__pycache__")
            shutil.copytree(ROOT / name, source / name, ignore=ignored)
        else:
            shutil.copy(ROOT / name, source)
    run(sys.executable, "-m", "build", "--outdir", folder, source)
    return folder


def run(*command, **options):
    done = subprocess.run([*map(str, command)], capture_output=True, text=True, **options)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.mark.slow
def test_both_hold_every_file_of_the_package(built):
    (wheel,), (sdist,) = built.glob("*.whl"), built.glob("*.tar.gz")
    ours = {
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / "tfgan_lab").rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert any(name.endswith(".html.j2") for name in ours)
    with zipfile.ZipFile(wheel) as archive:
        assert ours <= set(archive.namelist())
    with tarfile.open(sdist) as archive:
        assert ours <= {name.partition("/")[2] for name in archive.getnames()}


@pytest.mark.slow
def test_the_wheel_alone_trains_two_steps(built, tmp_path):
    (wheel,) = built.glob("*.whl")
    site = tmp_path / "site"
    # Its dependencies are installed already.
    run(sys.executable, "-m", "pip", "install", "--no-deps", "--target", site, wheel)
    options = {"cwd": tmp_path, "env": os.environ | {"PYTHONPATH": str(site)}}
    where = run(sys.executable, "-c", "import tfgan_lab; print(tfgan_lab.__file__)", **options)
    assert where.startswith(str(site))
    command = site / "bin" / "tfgan-lab"
    assert "tfgan-lab train" in run(command, "--help", **options)
    said = run(command, "train", *TINY, "--run_dir=run", **options)
    assert "Next:\n  tfgan-lab evaluate run" in said
    assert (tmp_path / "run" / "report.html").exists()
    assert (tmp_path / "run" / "log.csv").read_text().splitlines()[1].startswith("1,2,8,")
