"""Report R4's question in numbers: k (k - 1) generators of CycleGAN, or one of StarGAN?

    python -m benchmarks.translation_domains --work_dir=runs/domains --table=docs/tables/translation

For k = 2, 3, 4 drawn domains (tablecloths): a StarGAN among all of them, and a CycleGAN for every
pair, each trained by its preset, with --seeds. Every training is a run that may be stopped at any
moment; the same command resumes. Says for both how many generators and parameters there are, how
long they trained, how long they take for an image, how often the domain is read as asked, and what
they changed besides.
"""

import itertools
import pathlib
import statistics
import time

import numpy as np
from absl import app, flags

from benchmarks.tables import write_table
from tfgan_lab.callbacks.csv_log import read_log
from tfgan_lab.data.drawn.plate_domains import FACTORS
from tfgan_lab.files import read_json, write_json
from tfgan_lab.machine import processor_name, usable_cores
from tfgan_lab.markdown import table_lines
from tfgan_lab.runs import TranslationConfig, open_run, train_translation
from tfgan_lab.runs.reading.translation_measures import measure_factors

flags.DEFINE_string("work_dir", "runs/translation_domains", "where all runs lie")
flags.DEFINE_list("numbers", ["2", "3", "4"], "of domains")
flags.DEFINE_list("seeds", ["0"], "one training of each for each")
flags.DEFINE_string("cyclegan_images", "", "budget of each pair; the preset's unless given")
flags.DEFINE_string("stargan_images", "", "budget of each StarGAN; the preset's unless given")
flags.DEFINE_integer("num_drawn", 150, "drawn images of each domain")
flags.DEFINE_integer("measured", 200, "unseen scenes of each domain", lower_bound=2)

FLAGS = flags.FLAGS
BATCH = 16  # images translated at once when timed


def configs(model, count, seed) -> list:
    """The trainings that translate among the first ``count`` domains.

    Args:
        model: ``"cyclegan"`` or ``"stargan"``.
        count: int, number of domains.
        seed: int.
    """
    names = FACTORS["tablecloth"][:count]
    groups = [names] if model == "stargan" else list(itertools.combinations(names, 2))
    images = FLAGS.stargan_images if model == "stargan" else FLAGS.cyclegan_images
    budget = {"images": images} if images else {}
    return [
        TranslationConfig.from_preset(
            model=model,
            drawn="plates",
            num_drawn=FLAGS.num_drawn * len(group),
            domains=",".join(group),
            seed=seed,
            diagnose_every=0,
            run_dir=str(
                pathlib.Path(FLAGS.work_dir) / f"seed_{seed}" / f"{model}_{'_'.join(group)}"
            ),
            **budget,
        )
        for group in groups
    ]


def train_and_measure(config) -> dict:
    """Trains, or resumes, and measures once.

    Args:
        config: ``TranslationConfig``.

    Returns:
        Dict of ``parameters``, ``train_seconds``, ``seconds_per_image`` and ``ways``.
    """
    path = pathlib.Path(config.run_dir) / "domains.json"
    if path.exists():
        return read_json(path)
    print(config.run_dir, flush=True)
    model, _ = train_translation(config, verbose=0)
    translator = open_run(config.run_dir).generator()
    measured = {
        "parameters": {
            "generators": model.generator.count_params(),
            "discriminators": model.discriminator.count_params(),
        },
        "train_seconds": float(read_log(config.run_dir)["seconds"][-1]),
        "seconds_per_image": _seconds_per_image(translator, config),
        "ways": measure_factors(translator, config, FLAGS.measured),
    }
    write_json(path, measured)
    return measured


def row(model, count) -> dict:
    """What all trainings of a model among ``count`` domains come to.

    Args:
        model: ``"cyclegan"`` or ``"stargan"``.
        count: int.
    """
    per_seed = [
        [train_and_measure(config) for config in configs(model, count, int(seed))]
        for seed in FLAGS.seeds
    ]
    runs = [run for runs in per_seed for run in runs]
    ways = [way for run in runs for way in run["ways"]]

    def total(value):
        return statistics.mean(sum(map(value, runs)) for runs in per_seed)

    means = ("asked", "other_kept", "outside_error", "outside_other", "inside_error")
    return {
        "model": model,
        "domains": count,
        "generators": count * (count - 1) if model == "cyclegan" else 1,
        "generator_parameters": total(lambda run: run["parameters"]["generators"]),
        "all_parameters": total(lambda run: sum(run["parameters"].values())),
        "train_minutes": total(lambda run: run["train_seconds"]) / 60,
        "milliseconds": 1000 * statistics.mean(run["seconds_per_image"] for run in runs),
        "worst_asked": min(way["asked"] for way in ways),
        **{name: statistics.mean(way[name] for way in ways) for name in means},
    }


def lines_of(rows) -> list:
    """The table, as Markdown.

    Args:
        rows: list of what ``row`` returned.
    """
    heads = ["k", "model", "generators", "parameters of generators", "of all networks",
             "minutes of training", "ms an image", "read as asked", "worst direction",
             "other factor kept", "outside", "inside"]  # fmt: skip
    names = {"cyclegan": "CycleGAN, each pair", "stargan": "StarGAN"}
    table = [
        [
            each["domains"],
            names[each["model"]],
            each["generators"],
            f"{each['generator_parameters']:,.0f}",
            f"{each['all_parameters']:,.0f}",
            f"{each['train_minutes']:.1f}",
            f"{each['milliseconds']:.1f}",
            f"{each['asked']:.1%}",
            f"{each['worst_asked']:.1%}",
            f"{each['other_kept']:.1%}",
            f"{each['outside_error']:.1f}",
            f"{each['inside_error']:.1f}",
        ]
        for each in rows
    ]
    other = statistics.mean(each["outside_other"] for each in rows)
    return table_lines(heads, table) + [
        "",
        f"{FLAGS.measured} unseen scenes in every direction, seeds {', '.join(FLAGS.seeds)}; means "
        "over directions. Outside: mean difference from what went in, of 255, where nothing should "
        f"change ({other:.1f} for another image). Inside: from what should have come out. "
        f"{processor_name()}, {usable_cores()} cores; wall-clock minutes of all trainings "
        "together.",
    ]


def _seconds_per_image(translator, config):
    images = np.zeros((BATCH, config.image_size, config.image_size, config.channels), np.float32)
    times = []
    for _ in range(6):
        began = time.perf_counter()
        translator.translate(images, translator.domains[1])
        times.append((time.perf_counter() - began) / BATCH)
    return statistics.median(times[1:])


def main(argv):
    """Trains all, measures, and writes the table after every row."""
    del argv
    rows = []
    for count, model in itertools.product(map(int, FLAGS.numbers), ("cyclegan", "stargan")):
        rows.append(row(model, count))
        write_table("translation_domains", lines_of(rows), rows)


if __name__ == "__main__":
    app.run(main)
