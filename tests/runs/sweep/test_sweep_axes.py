import json

import pytest

from tfgan_lab.runs.settings.validity import ConfigError
from tfgan_lab.runs.sweep.sweep_axes import axis, parse_axis, read_axis


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("kernel_size=4,6", {"kernel_size=4": {"kernel_size": 4},
                             "kernel_size=6": {"kernel_size": 6}}),
        ("generator_slope=0,.2", {"generator_slope=0": {"generator_slope": 0.0},
                                  "generator_slope=0.2": {"generator_slope": 0.2}}),
        ("batch_norm=yes,no", {"batch_norm=True": {"batch_norm": True},
                               "batch_norm=False": {"batch_norm": False}}),
        ("generator_widths=64x32,8", {"generator_widths=64x32": {"generator_widths": (64, 32)},
                                      "generator_widths=8": {"generator_widths": (8,)}}),
        ("pixel_range=0x1,-1x1", {"pixel_range=0x1": {"pixel_range": (0, 1)},
                                  "pixel_range=-1x1": {"pixel_range": (-1, 1)}}),
        ("latent_distribution=normal,gamma(2,1)",
         {"latent_distribution=normal": {"latent_distribution": "normal"},
          "latent_distribution=gamma(2,1)": {"latent_distribution": "gamma(2,1)"}}),
        ("beta_1+beta_2=0.5", {"beta_1+beta_2=0.5": {"beta_1": 0.5, "beta_2": 0.5}}),
    ],
)  # fmt: skip
def test_reads_what_the_command_line_writes(text, expected):
    assert parse_axis(text) == expected


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("kernel_size", "as NAME=VALUE,VALUE, such as kernel_size=4,6,8. Received: 'kernel_size'"),
        ("kernel_size=", "as NAME=VALUE,VALUE"),
        ("kernel=4", "Expected the name of a setting to vary. Received: 'kernel'"),
        ("beta_1+beta=0.5", "Expected the name of a setting to vary. Received: 'beta'"),
        ("seed=1,2", "other than seed: --seeds gives them"),
        ("run_dir=a,b", "other than run_dir: every run gets its own folder"),
        ("snapshot_every=1,2", "other than snapshot_every: no measure depends on it"),
        ("kernel_size=4,x", "Expected values of kernel_size as whole numbers. Received: 'x'"),
        ("kernel_size=4,4", "Expected every value of kernel_size once. Received: kernel_size=4"),
        ("kernel_size=4,99", "Expected --kernel_size from 1 to 15"),
        ("batch_norm=maybe", "Expected values of batch_norm as yes and no. Received: 'maybe'"),
        ("generator_widths=64-32", "joined by x, such as 64x32. Received: '64-32'"),
        ("loss=hinge,mse", "Expected --loss out of .*Received: loss='mse'"),
    ],
)
def test_refuses(text, message):
    with pytest.raises(ConfigError, match=message):
        parse_axis(text)


def test_an_axis_needs_values():
    with pytest.raises(ConfigError, match="at least one value of kernel_size. Received: none"):
        axis("kernel_size", [])


def test_variants_from_a_file(tmp_path):
    path = tmp_path / "sizes.json"
    path.write_text(json.dumps({"small": {"image_size": 32, "generator_widths": [8, 4]}}))
    assert read_axis(path) == {"small": {"image_size": 32, "generator_widths": (8, 4)}}


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("[1]", "Expected an object of label to settings in .*Received: a list"),
        ("{}", "Expected an axis as labels with settings each"),
        ('{"a": 3}', "Expected an axis as labels with settings each"),
        ('{"a": {"sise": 3}}', "Expected the name of a setting to vary. Received: 'sise'"),
        ("{", "Expected a JSON file of variants. Received: Expected JSON in"),
    ],
)
def test_refuses_files(content, message, tmp_path):
    (tmp_path / "variants.json").write_text(content)
    with pytest.raises(ConfigError, match=message):
        read_axis(tmp_path / "variants.json")
    with pytest.raises(ConfigError, match="Expected a JSON file of variants.*No such file"):
        read_axis(tmp_path / "missing.json")
