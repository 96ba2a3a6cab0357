"""What callbacks do when the disk is full, gone, or holds something else than they wrote."""

import errno

import pytest
import tensorflow as tf

from tfgan_lab import callbacks as cb
from tfgan_lab.callbacks.csv_log import read_log
from tfgan_lab.callbacks.writing import disk_errors


def checkpoints_of(gan, folder, keep=2):
    checkpoints = cb.Checkpoints(folder, keep=keep)
    checkpoints.set_model(gan)
    return checkpoints


def saved_at(gan, checkpoints, *steps):
    for step in steps:
        gan.step.assign(step)
        checkpoints.save()


def names(folder):
    return sorted(path.name for path in (folder / "checkpoints").glob("step-*.index"))


def test_a_full_disk_costs_no_older_checkpoint(make_gan, tmp_path, monkeypatch):
    gan = make_gan()
    checkpoints = checkpoints_of(gan, tmp_path)
    (tmp_path / "checkpoints" / "step-2_temp").mkdir(parents=True)  # Of a process that was killed.
    saved_at(gan, checkpoints, 3, 5)
    assert not list((tmp_path / "checkpoints").glob("*_temp"))

    def fail(*_, **__):
        (tmp_path / "checkpoints" / "step-8_temp").mkdir()
        raise tf.errors.OutOfRangeError(None, None, "{{f}} x.tempstate; File too large [Op:SaveV2]")

    monkeypatch.setattr(tf.train.Checkpoint, "write", fail)
    gan.step.assign(8)
    with pytest.raises(OSError, match="File too large") as caught:
        checkpoints.save()
    assert caught.value.errno == errno.EFBIG
    assert caught.value.filename == str(tmp_path / "checkpoints")
    assert names(tmp_path) == ["step-3.index", "step-5.index"]
    assert not list((tmp_path / "checkpoints").glob("*_temp"))


def test_a_full_disk_costs_nothing_when_all_but_one_shall_go(make_gan, tmp_path, monkeypatch):
    gan = make_gan()
    checkpoints = checkpoints_of(gan, tmp_path)
    saved_at(gan, checkpoints, 3, 5)
    gan.step.assign(2)
    with monkeypatch.context() as patch:
        patch.setattr(checkpoints, "_write", lambda: (_ for _ in ()).throw(OSError("full")))
        with pytest.raises(OSError, match="full"):
            checkpoints.keep_only_this()
    assert names(tmp_path) == ["step-3.index", "step-5.index"]
    checkpoints.keep_only_this()
    assert names(tmp_path) == ["step-2.index"]
    saved_at(gan, checkpoints, 6)
    assert names(tmp_path) == ["step-2.index", "step-6.index"]


def test_errors_that_are_none_of_the_disk_keep_their_words():
    with pytest.raises(OSError, match="^Expected to write events to run. Received: odd things$"):
        with disk_errors("events", "run"):
            raise tf.errors.UnknownError(None, None, "{{node}} odd\nthings [Op:Flush] name: ")


def test_a_run_that_was_removed_is_not_made_again(make_gan, tmp_path):
    gan = make_gan()
    checkpoints = checkpoints_of(gan, tmp_path / "run")
    saved_at(gan, checkpoints, 3)
    for path in (tmp_path / "run" / "checkpoints").iterdir():
        path.unlink()
    (tmp_path / "run" / "checkpoints").rmdir()
    with pytest.raises(FileNotFoundError, match="run/checkpoints"):
        checkpoints.save()
    assert not (tmp_path / "run" / "checkpoints").exists()


def test_files_that_are_no_checkpoints_are_left_alone(make_gan, tmp_path):
    gan = make_gan()
    checkpoints = checkpoints_of(gan, tmp_path, keep=1)
    saved_at(gan, checkpoints, 8)
    (tmp_path / "checkpoints" / "step-best.index").write_bytes(b"mine")
    saved_at(gan, checkpoints, 9, 10)
    assert names(tmp_path) == ["step-10.index", "step-best.index"]
    assert [path.name for path in checkpoints.complete()] == ["step-10"]


@pytest.mark.parametrize(
    "damage",
    [
        lambda content: bytes(range(256)),
        lambda content: content.replace(b"2,4,", b"2,x,"),
        lambda content: content.replace(b"epoch,", b"epoxx,"),
        lambda content: content[:-9] + b'"' + content[-8:],
    ],
)
def test_a_damaged_log_is_said_with_the_remedy(damage, tmp_path):
    content = b"epoch,step,images,seconds,loss\r\n1,2,8,0.5,0.75\r\n2,4,16,1.0,0.25\r\n"
    (tmp_path / "log.csv").write_bytes(content)
    assert read_log(tmp_path)["loss"].tolist() == [0.75, 0.25]
    damaged = damage(content)
    assert damaged != content
    (tmp_path / "log.csv").write_bytes(damaged)
    message = "^Expected a row for every epoch in .*log.csv. Received: a damaged .*remove it"
    with pytest.raises(ValueError, match=message):
        read_log(tmp_path)
